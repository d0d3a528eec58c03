/** What a token may do at a path of Vault, found out by sending every kind of request there. */
import { VaultError } from '../../benchmark/src/vault';
import type { VaultServer } from './vault';
import { LETTERS } from './access-matrix';

const METHODS = { L: 'LIST', R: 'GET', P: 'PATCH', U: 'POST', W: 'POST', D: 'DELETE', C: 'POST' } as const;
type Letter = keyof typeof METHODS;
/** Removing comes after what needs the thing to be there, making it anew last. */
const ORDER: readonly Letter[] = ['L', 'R', 'P', 'U', 'W', 'D', 'C'];
const WRAP_SECONDS = 300;
const KV = /^([^/]+)\/(data|metadata|delete|undelete|destroy|subkeys)\/(.+)$/;

export class Attempts {
  /** Whether something other than a secret may be gone or changed since this was last set to false. */
  touched = false;

  /** @param makesApart whether Vault itself tells making something at that path from changing it */
  constructor(
    private readonly vault: VaultServer,
    private readonly kvMounts: readonly string[],
    private readonly makesApart: (path: string) => boolean,
  ) {}

  /**
   * Letters of the requests that Vault's policy let through, in the matrix's order.
   * @throws Error when Vault answered something that says neither
   */
  async letters(path: string, token: string): Promise<string> {
    const passed = new Set<Letter>();
    for (const letter of ORDER) {
      // Whatever may be asked for unwrapped may be asked for wrapped.
      if (letter === 'W' && passed.has('U')) continue;
      if (letter === 'C' && !this.makesApart(path)) continue;
      // A folder can only be listed: other requests Vault does not take to be about one.
      if (letter !== 'L' && path.endsWith('/')) continue;
      await this.prepare(path, letter);
      if (!(await this.passes(path, letter, token))) continue;
      passed.add(letter);
      this.touched ||= 'PUDC'.includes(letter) && !this.kvPlaceOf(path);
    }
    return [...LETTERS].filter((letter) => passed.has(letter as Letter)).join('');
  }

  /** Puts there what requests need to find, and takes it away before it is made. */
  private async prepare(path: string, letter: Letter): Promise<void> {
    const { mount, key } = this.kvPlaceOf(path) ?? {};
    if (letter === 'C') {
      this.touched ||= mount === undefined;
      const removed = mount === undefined ? path : `${mount}/metadata/${key}`;
      await this.vault.send({ method: 'DELETE', path: removed }).catch(unlessRefused);
    } else if (letter === ORDER[0] && mount !== undefined && !path.endsWith('/')) {
      const body = { data: { value: 'of-before' } };
      await this.vault.send({ method: 'POST', path: `${mount}/data/${key}`, body });
    }
  }

  private async passes(path: string, letter: Letter, token: string): Promise<boolean> {
    const method = METHODS[letter];
    const response = await fetch(`${this.vault.address}/v1/${path}`, {
      method,
      headers: {
        'x-vault-token': token,
        ...(method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {}),
        ...(letter === 'W' ? { 'x-vault-wrap-ttl': `${WRAP_SECONDS}s` } : {}),
      },
      ...(method === 'POST' || method === 'PATCH' ? { body: JSON.stringify(this.bodyOf(path)) } : {}),
    });
    const text = await response.text();
    if (response.status === 401 || response.status === 403) return false;
    // A secret is there, so that whoever may do something with it succeeds.
    const sure = ['data', 'metadata'].includes(this.kvPlaceOf(path)?.part ?? '') && letter !== 'L';
    if (response.status >= 500 || (sure && !response.ok))
      throw new Error(`${method} ${path}: HTTP ${response.status}: ${text}`);
    return true;
  }

  private bodyOf(path: string): Readonly<Record<string, unknown>> {
    switch (this.kvPlaceOf(path)?.part) {
      case undefined:
        return {};
      case 'data':
        return { data: { value: 'of-the-attempt' } };
      case 'metadata':
        return { custom_metadata: { by: 'the attempt' } };
      default:
        return { versions: [1] };
    }
  }

  /** Undefined for what is no secret of a KV v2 engine that the attempts know of. */
  private kvPlaceOf(path: string) {
    const [, mount = '', part = '', key = ''] = KV.exec(path) ?? [];
    return this.kvMounts.includes(mount) ? { mount, part, key } : undefined;
  }
}

/** What was not there, or cannot be removed, is not there to be made either. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof VaultError) || error.passes) throw error;
}
