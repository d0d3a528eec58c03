/**
 * Vault, as far as a host asks it, in memory: tokens with leases, an AppRole's wrapped secret id, a KV v2 engine. Made from
 * https://developer.hashicorp.com/vault/api-docs; what a real one says is compared in test/integration/host-vault.test.ts.
 */
interface Token {
  readonly id: string;
  endsMs: number;
}

interface Answer {
  readonly status: number;
  readonly json?: object;
}

export type Fault = 'sealed' | 'down' | 'rate-limited' | 'answer-lost';

export interface VaultDoubleOptions {
  /** Below the mount `kv`. @default - nothing */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** @default 60 */
  readonly leaseSeconds?: number;
  /** @default true */
  readonly renewable?: boolean;
}

export class VaultDouble {
  readonly wrapped = 'wrapping-token';
  readonly secrets: Record<string, Readonly<Record<string, unknown>>>;
  /** Method and path of each request that got through. */
  readonly asked: string[] = [];
  /** What is wrong with it now. */
  fault: Fault | undefined;
  /** Whether policies allow nothing but what a token may do with itself. */
  deniesAll = false;
  private readonly tokens = new Map<string, Token>();
  private made = 0;
  private isWrapped = true;
  private secretId: string | undefined;

  constructor(private readonly options: VaultDoubleOptions = {}) {
    this.secrets = { ...options.secrets };
  }

  /** Tokens that are good. */
  get live(): number {
    return [...this.tokens.values()].filter(({ endsMs }) => endsMs > performance.now()).length;
  }

  /** As an administrator does it, or a lease that has come to its end. */
  revokeAll(): void {
    this.tokens.clear();
  }

  /** As who has read the user data does it. */
  unwrapAsSomebodyElse(): void {
    this.isWrapped = false;
  }

  count(request: string): number {
    return this.asked.filter((asked) => asked === request).length;
  }

  readonly fetch: typeof fetch = (input, init = {}) => {
    const path = new URL(input as URL).pathname.slice('/v1/'.length);
    const { method = 'GET', body, headers } = init;
    const { fault } = this;
    if (fault === 'down') return Promise.reject(new TypeError('fetch failed'));
    const token = new Headers(headers).get('x-vault-token') ?? '';
    const { status, json } =
      fault === 'sealed'
        ? refused(503, 'Vault is sealed')
        : fault === 'rate-limited'
          ? refused(429, 'request path "x": rate limit quota exceeded')
          : this.answer(method, path, token, JSON.parse((body as string | undefined) ?? '{}') as Body);
    if (fault === 'answer-lost') return Promise.reject(new TypeError('fetch failed'));
    return Promise.resolve(new Response(json ? JSON.stringify(json) : null, { status }));
  };

  private answer(method: string, path: string, token: string, body: Body): Answer {
    this.asked.push(`${method} ${path}`);
    switch (path) {
      case 'sys/wrapping/unwrap':
        return this.unwrap(token);
      case 'auth/approle/login':
        if (body['secret_id'] !== this.secretId) return refused(400, 'invalid role or secret ID');
        this.secretId = undefined;
        return this.newToken();
      case 'auth/aws/login':
        return this.newToken();
    }
    const known = this.tokens.get(token);
    if (!known || known.endsMs <= performance.now()) return refused(403, 'permission denied');
    const { leaseSeconds = 60, renewable = true } = this.options;
    switch (path) {
      case 'auth/token/lookup-self':
        return { status: 200, json: { data: { ttl: leaseSeconds, renewable, policies: ['host'] } } };
      case 'auth/token/renew-self':
        known.endsMs = performance.now() + leaseSeconds * 1000;
        return this.auth(known);
      case 'auth/token/revoke-self':
        this.tokens.delete(token);
        return { status: 204 };
    }
    if (this.deniesAll) return refused(403, '1 error occurred:\n\t* permission denied\n\n');
    if (!path.startsWith('kv/'))
      return refused(404, `no handler for route "${path}". route entry not found.`);
    const data = this.secrets[path.slice('kv/data/'.length)];
    return data
      ? { status: 200, json: { data: { data, metadata: { version: 1 } } } }
      : { status: 404, json: { errors: [] } };
  }

  private unwrap(token: string): Answer {
    if (token !== this.wrapped || !this.isWrapped)
      return refused(400, 'wrapping token is not valid or does not exist');
    this.isWrapped = false;
    this.secretId = 'a-secret-id';
    return { status: 200, json: { data: { secret_id: this.secretId } } };
  }

  private newToken(): Answer {
    const { leaseSeconds = 60 } = this.options;
    const token = { id: `token-${++this.made}`, endsMs: performance.now() + leaseSeconds * 1000 };
    this.tokens.set(token.id, token);
    return this.auth(token);
  }

  private auth({ id }: Token): Answer {
    const { leaseSeconds: lease_duration = 60, renewable = true } = this.options;
    const auth = { client_token: id, token_policies: ['host'], lease_duration, renewable };
    return { status: 200, json: { auth } };
  }
}

type Body = Readonly<Record<string, unknown>>;

const refused = (status: number, error: string): Answer => ({ status, json: { errors: [error] } });
