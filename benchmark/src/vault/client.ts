/**
 * Vault's HTTP API (https://developer.hashicorp.com/vault/api-docs), as much of it as hosts and `ops` need.
 * node-vault (read at 0.12.0) cannot end a request and by default waits forever; the errors of its transport carry the request
 * with its token and body, where a log would show them; a redirect to another host would take the token along; and it signs no
 * login of AWS.
 */
import { messageOf } from '../host/log/host-log';

export type VaultProblem =
  /** No answer: refused, cut, unknown name. */
  | 'unreachable'
  /** No answer in time. */
  | 'slow'
  | 'sealed'
  | 'not-initialized'
  /** HTTP 403: the token is not valid any more, or its policies do not allow it. Vault does not say which. */
  | 'denied'
  | 'not-found'
  | 'rate-limited'
  /** Another HTTP 4xx. */
  | 'refused'
  /** HTTP 5xx. */
  | 'server';

/** One line: what was asked, and what Vault said. Never holds a token or a value. */
export class VaultError extends Error {
  override readonly name = 'VaultError';

  constructor(
    message: string,
    readonly problem: VaultProblem,
    readonly status?: number,
    /** As Vault wrote them. */
    readonly errors: readonly string[] = [],
  ) {
    super(message);
  }

  /** Whether asking again may help. */
  get passes(): boolean {
    return ['unreachable', 'slow', 'sealed', 'rate-limited', 'server'].includes(this.problem);
  }
}

export interface VaultRequest {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'LIST';
  /** Below `/v1/`, such as `he300-dev/data/he300/webhook/signing-key`. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** @default - no token is sent */
  readonly token?: string | undefined;
  /** Asks for the answer wrapped, good for one use within so many seconds. @default - not wrapped */
  readonly wrapSeconds?: number;
  /** Ends the request. @default - nothing does but the time limit */
  readonly signal?: AbortSignal;
}

/** https://developer.hashicorp.com/vault/api-docs#the-response-structure */
export interface VaultAnswer<T = Readonly<Record<string, unknown>>> {
  /** The whole answer where it comes without an envelope, as of `sys/init` and `sys/seal-status`. */
  readonly data: T;
  readonly leaseId: string;
  readonly leaseSeconds: number;
  readonly renewable: boolean;
  readonly auth: VaultAuth | null;
  readonly wrapInfo: { readonly token: string; readonly ttlSeconds: number } | null;
}

export interface VaultAuth {
  readonly token: string;
  readonly policies: readonly string[];
  readonly leaseSeconds: number;
  readonly renewable: boolean;
}

export interface VaultClientOptions {
  /** `https://…`, without `/v1`. */
  readonly address: string;
  /** Namespace of Vault Enterprise or HCP. @default - none */
  readonly namespace?: string | undefined;
  /** Of one request. @default 10 s */
  readonly timeLimitMs?: number;
  /** @default fetch */
  readonly fetch?: typeof fetch;
}

const TIME_LIMIT_MS = 10_000;

export class VaultClient {
  constructor(private readonly options: VaultClientOptions) {}

  get address(): string {
    return this.options.address;
  }

  /** @throws VaultError */
  async send<T = Readonly<Record<string, unknown>>>(request: VaultRequest): Promise<VaultAnswer<T>> {
    const { address, namespace, timeLimitMs = TIME_LIMIT_MS, fetch: ask = fetch } = this.options;
    const { method, path, body, token, wrapSeconds, signal } = request;
    const what = `vault: ${method} ${path} at ${address}`;
    const limit = AbortSignal.timeout(timeLimitMs);
    let status: number;
    let json: unknown;
    try {
      const response = await ask(new URL(`/v1/${path}`, address), {
        method,
        headers: {
          'x-vault-request': 'true',
          ...(token === undefined ? {} : { 'x-vault-token': token }),
          ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
          ...(wrapSeconds === undefined ? {} : { 'x-vault-wrap-ttl': `${wrapSeconds}s` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A standby leads to the leader; a token must not follow it to another host.
        redirect: 'manual',
        signal: signal ? AbortSignal.any([limit, signal]) : limit,
      });
      status = response.status;
      json = jsonOf(await response.text());
    } catch (error) {
      if (limit.aborted) throw new VaultError(`${what}: no answer in ${timeLimitMs / 1000} s`, 'slow');
      throw new VaultError(`${what}: ${messageOf(error)}`, 'unreachable');
    }
    if (status >= 200 && status < 300) return answerOf<T>(json);
    throw failure(what, status, errorsOf(json));
  }
}

function failure(what: string, status: number, errors: readonly string[]): VaultError {
  const problem = problemOf(status, errors);
  const said = errors.length > 0 ? errors.join('; ').replaceAll(/\s+/g, ' ').trim() : `HTTP ${status}`;
  return new VaultError(`${what}: ${said}`, problem, status, errors);
}

function problemOf(status: number, errors: readonly string[]): VaultProblem {
  if (status === 503 && errors.some((error) => /sealed/i.test(error))) return 'sealed';
  if (errors.some((error) => /not initialized/i.test(error))) return 'not-initialized';
  if (status === 403) return 'denied';
  if (status === 404) return 'not-found';
  if (status === 429) return 'rate-limited';
  return status >= 500 || (status >= 300 && status < 400) ? 'server' : 'refused';
}

interface Wire {
  readonly data?: unknown;
  readonly lease_id?: string;
  readonly lease_duration?: number;
  readonly renewable?: boolean;
  readonly errors?: unknown;
  readonly wrap_info?: { readonly token: string; readonly ttl: number } | null;
  readonly auth?: {
    readonly client_token: string;
    readonly token_policies?: readonly string[];
    readonly lease_duration: number;
    readonly renewable: boolean;
  } | null;
}

function answerOf<T>(json: unknown): VaultAnswer<T> {
  const wire = (json ?? {}) as Wire;
  const { auth, wrap_info: wrapped, data = wire } = wire;
  return {
    data: (data ?? {}) as T,
    leaseId: wire.lease_id ?? '',
    leaseSeconds: wire.lease_duration ?? 0,
    renewable: wire.renewable ?? false,
    auth: auth
      ? {
          token: auth.client_token,
          policies: auth.token_policies ?? [],
          leaseSeconds: auth.lease_duration,
          renewable: auth.renewable,
        }
      : null,
    wrapInfo: wrapped ? { token: wrapped.token, ttlSeconds: wrapped.ttl } : null,
  };
}

function errorsOf(json: unknown): string[] {
  const { errors } = (json ?? {}) as Wire;
  return Array.isArray(errors) ? errors.filter((error) => typeof error === 'string') : [];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
