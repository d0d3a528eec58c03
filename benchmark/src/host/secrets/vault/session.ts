/** The host's token for Vault: fetched when it is first needed, renewed while the host lives, and given back at its end. */
import type { HostLog } from '../../log/host-log';
import type { Redactor } from '../../log/redactor';
import { Secret } from '../../log/secret';
import { VaultError, type VaultAuth, type VaultClient } from '../../../vault';
import type { Login } from './login';

export interface VaultSessionOptions {
  readonly client: VaultClient;
  readonly login: Login;
  readonly redactor: Redactor;
  readonly log: HostLog;
}

/** As Vault's own agents do it. */
const RENEW_AT = 2 / 3;
/** A host that ends has no time for a Vault that does not answer. */
const REVOKE_LIMIT_MS = 4_000;
/** A lease that its greatest length leaves no more than this is not renewed again. */
const SHORTEST_LEASE_SECONDS = 3;
const LEAST_PAUSE_MS = 1_000;
const MOST_PAUSE_MS = 30_000;
/** What `setTimeout` can wait at most. */
const MOST_TIMEOUT_MS = 2 ** 31 - 1;

export class VaultSession {
  private held: Secret | undefined;
  private loggingIn: Promise<Secret> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;
  private isLostForGood = false;

  constructor(private readonly options: VaultSessionOptions) {}

  /** Whether there is no token any more, and none to be had. */
  get isLost(): boolean {
    return this.isLostForGood;
  }

  /** Logs in where that was not done, or the token was lost. @throws VaultError, InputError, Error at the host's end */
  async token(): Promise<Secret> {
    if (this.isOver) throw new Error('vault: the host has given its token back');
    // A phase that was left alone may still be logging in when its next attempt begins.
    return this.held ?? (this.loggingIn ??= this.logIn().finally(() => (this.loggingIn = undefined)));
  }

  /** Asks whether Vault still knows a token that was refused: if it does, what was refused is not allowed. @throws VaultError */
  async isKnown(token: Secret): Promise<boolean> {
    try {
      await this.self('GET', 'lookup-self', token);
      return true;
    } catch (error) {
      if (error instanceof VaultError && error.problem === 'denied') return false;
      throw error;
    }
  }

  /** The token is not good any more: another login may bring one. @param error what showed it */
  lose(token: Secret, error: unknown = 'its lease is over'): void {
    if (this.held !== token) return;
    const { login, log } = this.options;
    clearTimeout(this.timer);
    this.held = undefined;
    this.isLostForGood = !login.isRepeatable;
    if (login.isRepeatable) log.info('the token for Vault is lost: the host logs in anew', { error });
    else log.warn('the token for Vault is lost for good: the run goes on with the secrets it has', { error });
  }

  /**
   * Vault forgets the token at once, where it can be asked; else at the end of its lease.
   * @throws Error when what was kept of it cannot be removed
   */
  async end(): Promise<void> {
    this.isOver = true;
    clearTimeout(this.timer);
    await this.loggingIn?.catch(() => undefined);
    const token = this.held;
    this.held = undefined;
    if (token) await this.revoke(token);
    // Last: what cannot be removed here is of no use to anybody any more.
    this.options.login.forget();
  }

  private async logIn(): Promise<Secret> {
    const { login, redactor, log } = this.options;
    const auth = await login.logIn();
    const token = redactor.know(new Secret(auth.token));
    this.held = token;
    log.info('the host has logged in to Vault', { policies: auth.policies, leaseSeconds: auth.leaseSeconds });
    if (!this.isOver) this.renewInTime(token, auth);
    return token;
  }

  /** Without a lease it holds for good. */
  private renewInTime(token: Secret, { leaseSeconds, renewable }: VaultAuth): void {
    if (leaseSeconds === 0) return;
    const endsMs = performance.now() + leaseSeconds * 1000;
    const isLast = !renewable || leaseSeconds <= SHORTEST_LEASE_SECONDS;
    if (isLast) this.after(leaseSeconds * 1000, () => this.lose(token));
    else this.after(leaseSeconds * 1000 * RENEW_AT, () => void this.renew(token, endsMs));
  }

  private async renew(token: Secret, endsMs: number, failures = 0): Promise<void> {
    try {
      const { auth } = await this.self('POST', 'renew-self', token);
      if (auth && this.held === token) this.renewInTime(token, auth);
    } catch (error) {
      const leftMs = endsMs - performance.now();
      if (leftMs <= 0 || !(error instanceof VaultError && error.passes)) return this.lose(token, error);
      if (failures === 0) this.options.log.warn('the token for Vault could not be renewed yet', { error });
      const pauseMs = Math.max(LEAST_PAUSE_MS, Math.min(leftMs / 4, MOST_PAUSE_MS));
      this.after(pauseMs, () => void this.renew(token, endsMs, failures + 1));
    }
  }

  private async revoke(token: Secret): Promise<void> {
    const { log } = this.options;
    try {
      await this.self('POST', 'revoke-self', token, AbortSignal.timeout(REVOKE_LIMIT_MS));
      log.info('the token for Vault is given back');
    } catch (error) {
      log.warn('the token for Vault could not be given back: it ends with its lease', { error });
    }
  }

  private self(method: 'GET' | 'POST', what: string, token: Secret, signal?: AbortSignal) {
    const request = { method, path: `auth/token/${what}`, token: token.reveal() };
    return this.options.client.send({ ...request, ...(signal ? { signal } : {}) });
  }

  private after(ms: number, action: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(action, Math.min(ms, MOST_TIMEOUT_MS)).unref();
  }
}
