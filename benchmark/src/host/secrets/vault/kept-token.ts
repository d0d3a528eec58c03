/** A token that outlives the process that logged in, but not the machine: in a directory that is memory. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { VaultError, type VaultAuth, type VaultClient } from '../../../vault';

interface LookedUp {
  readonly ttl: number;
  readonly renewable: boolean;
  readonly policies: readonly string[];
}

export class KeptToken {
  constructor(
    /** Undefined where nothing is kept. */
    private readonly path: string | undefined,
    private readonly client: VaultClient,
  ) {}

  /** Undefined when there is none, or none that is still good. @throws VaultError */
  async read(): Promise<VaultAuth | undefined> {
    const token = this.text();
    if (token === undefined) return undefined;
    try {
      const request = { method: 'GET', path: 'auth/token/lookup-self', token } as const;
      const { ttl, renewable, policies } = (await this.client.send<LookedUp>(request)).data;
      return { token, policies, leaseSeconds: ttl, renewable };
    } catch (error) {
      if (error instanceof VaultError && error.problem === 'denied') return undefined;
      throw error;
    }
  }

  write(token: string): void {
    if (this.path !== undefined) writeFileSync(this.path, token, { mode: 0o600 });
  }

  remove(): void {
    if (this.path !== undefined) rmSync(this.path, { force: true });
  }

  private text(): string | undefined {
    try {
      return this.path && readFileSync(this.path, 'utf8');
    } catch {
      return undefined;
    }
  }
}
