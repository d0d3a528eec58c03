/**
 * Logs in by a secret id that came with the user data, wrapped: whoever unwraps it first has it, and nobody after
 * (https://developer.hashicorp.com/vault/docs/concepts/response-wrapping). It is good for one login of one host.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { InputError } from '../../../errors';
import { VaultClient, VaultError, type VaultAuth, type VaultClientOptions } from '../../../vault';
import type { Redactor } from '../../log/redactor';
import { Secret } from '../../log/secret';
import { KeptToken } from './kept-token';
import { authOf, type Login } from './login';
import { refusal } from './refusal';

export interface AppRoleLoginOptions {
  readonly place: Pick<VaultClientOptions, 'address' | 'namespace' | 'fetch'>;
  readonly redactor: Redactor;
  readonly roleId: string;
  readonly wrappedSecretId: string;
  /** An empty file that says, also after a restart, that this host itself has unwrapped it. */
  readonly usedPath: string;
  /** An empty file that says that it asked, and has not heard yet whether it did. */
  readonly tryingPath: string;
  /** Where the token waits for a restart of the supervisor; never on a disk. @default - a restart has none */
  readonly keptTokenPath?: string | undefined;
}

/** What is good once is lost with an answer that comes too late: it is waited for nearly as long as the phase lasts. */
const ONCE_LIMIT_MS = 45_000;

export class AppRoleLogin implements Login {
  readonly isRepeatable = false;
  private readonly client: VaultClient;
  private readonly kept: KeptToken;
  private readonly wrapped: Secret;
  private secretId: Secret | undefined;
  /** Whether an answer was lost that may have been the unwrapping, also by a supervisor that was ended before it came. */
  private isUnsure = false;

  constructor(private readonly options: AppRoleLoginOptions) {
    const { place, redactor, wrappedSecretId, keptTokenPath } = options;
    this.client = new VaultClient({ ...place, timeLimitMs: ONCE_LIMIT_MS });
    this.kept = new KeptToken(keptTokenPath, new VaultClient(place));
    this.wrapped = redactor.know(new Secret(wrappedSecretId));
  }

  async logIn(): Promise<VaultAuth> {
    const kept = await this.kept.read();
    if (kept) return kept;
    this.secretId ??= await this.unwrap();
    const { roleId } = this.options;
    const body = { role_id: roleId, secret_id: this.secretId.reveal() };
    try {
      const auth = authOf(await this.client.send({ method: 'POST', path: 'auth/approle/login', body }));
      atBest(() => this.kept.write(auth.token));
      return auth;
    } catch (error) {
      throw refusal(
        error,
        'the secret id is good for one login, soon after it was made, from where its role allows',
      );
    }
  }

  forget(): void {
    this.kept.remove();
  }

  private async unwrap(): Promise<Secret> {
    const { redactor, usedPath, tryingPath } = this.options;
    if (existsSync(usedPath))
      throw new InputError(
        'vault: the host was started again without the token of its one login; its secret id was good once',
      );
    this.isUnsure ||= existsSync(tryingPath);
    atBest(() => writeFileSync(tryingPath, '', { flush: true }));
    const request = { method: 'POST', path: 'sys/wrapping/unwrap', token: this.wrapped.reveal() } as const;
    try {
      const { data } = await this.client.send<{ readonly secret_id?: string }>(request);
      if (!data.secret_id) throw new InputError('vault: what was wrapped is no secret id');
      atBest(() => {
        writeFileSync(usedPath, '', { flush: true });
        rmSync(tryingPath, { force: true });
      });
      return redactor.know(new Secret(data.secret_id));
    } catch (error) {
      if (isUsed(error)) throw new InputError(this.alarm(error));
      this.isUnsure ||= error instanceof VaultError && UNSURE.has(error.problem);
      if (!this.isUnsure) atBest(() => rmSync(tryingPath, { force: true }));
      throw refusal(error, 'allowed: a wrapping token of a secret id');
    }
  }

  /** Its first words are those that an alarm looks for. */
  private alarm({ message }: VaultError): string {
    const others = ['somebody else unwrapped it', 'it expired before this host came to it'];
    const ours = this.isUnsure ? ['this host did, and the answer was lost'] : [];
    return `secret id already used: ${message}: ${[...others, ...ours].join(', or ')}`;
  }
}

const UNSURE: ReadonlySet<VaultError['problem']> = new Set(['unreachable', 'slow', 'server']);

/** A disk that takes nothing costs a later restart its token, and must not cost this start what is good once. */
function atBest(keep: () => void): void {
  try {
    keep();
  } catch {
    return;
  }
}

/** Vault says the same of one that was used, that expired, and that never was. */
const isUsed = (error: unknown): error is VaultError =>
  error instanceof VaultError &&
  error.errors.some((text) => text.includes('wrapping token is not valid or does not exist'));
