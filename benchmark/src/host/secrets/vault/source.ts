/** Secrets in a KV v2 engine of Vault. */
import { vaultPlaceOf } from '../../../contract/vault';
import { InputError } from '../../../errors';
import { readKv, VaultError, type VaultClient } from '../../../vault';
import type { Redactor } from '../../log/redactor';
import { Secret } from '../../log/secret';
import type { SecretsSource } from '../secrets';
import { refusal } from './refusal';
import type { VaultSession } from './session';

export interface VaultSourceOptions {
  readonly client: VaultClient;
  readonly session: VaultSession;
  readonly redactor: Redactor;
  /** Of the engine. */
  readonly mount: string;
}

type Found = ReadonlyMap<string, Secret>;

export class VaultSource implements SecretsSource {
  /** What was last read; undefined before. */
  private known: Map<string, Secret> | undefined;

  constructor(private readonly options: VaultSourceOptions) {}

  placeOf(name: string): string {
    const { path, field } = vaultPlaceOf(name);
    return `${this.options.mount}/${path} (${field})`;
  }

  /** When the token is lost for good, what was read last is given: a run that has its secrets goes on. */
  async read(names: readonly string[]): Promise<Found> {
    const { session } = this.options;
    for (let isFirst = true; ; isFirst = false) {
      if (session.isLost) return this.lastRead(names);
      const token = await session.token();
      try {
        return this.keep(names, await this.ask(names, token));
      } catch (error) {
        if (!(error instanceof VaultError && error.problem === 'denied'))
          throw refusal(error, hintFor(error));
        if (!isFirst || (await session.isKnown(token))) throw refusal(error, hintFor(error));
        session.lose(token, error);
      }
    }
  }

  end(): Promise<void> {
    return this.options.session.end();
  }

  private async ask(names: readonly string[], token: Secret): Promise<Found> {
    const { client, mount, redactor } = this.options;
    const found = await Promise.all(
      names.map(async (name) => {
        const { path, field } = vaultPlaceOf(name);
        const secret = await readKv({ client, mount, path, token: token.reveal() });
        if (!secret) return undefined;
        const value: unknown = secret.fields[field];
        if (typeof value !== 'string' || value === '')
          throw new InputError(`vault: ${mount}/${path}: ${field} is no text; allowed: a text in that field`);
        return [name, redactor.know(new Secret(value))] as const;
      }),
    );
    return new Map(found.filter((entry) => entry !== undefined));
  }

  private keep(names: readonly string[], found: Found): Found {
    this.known ??= new Map();
    for (const name of names) this.known.delete(name);
    for (const [name, secret] of found) this.known.set(name, secret);
    return found;
  }

  private lastRead(names: readonly string[]): Found {
    const { known } = this;
    if (!known) throw new InputError('vault: the token of the one login was lost before a secret was read');
    return new Map([...known].filter(([name]) => names.includes(name)));
  }
}

/** A secret that is not there is read as none: what is not found is the engine. */
const hintFor = (error: unknown): string =>
  error instanceof VaultError && error.problem === 'not-found'
    ? 'allowed: the mount of a KV engine, version 2'
    : 'allowed: what the policy of the host’s role lets it read';
