/** How a command of ours reaches an environment's Vault and logs in: with a person's token, or as a workflow of GitHub. */
import { messageOf } from '../../benchmark/src/host/log/host-log';
import { VaultClient } from '../../benchmark/src/vault';
import { namesOf, VAULT_MOUNTS, type VaultRole } from '../../constructs/naming/names';
import type { VaultSecrets } from '../../environments/fields/secrets';
import type { Environment } from '../../environments/schema';
import { vaultAudience } from '../../environments/vault';
import { CliError } from './cli';

/** Environment variables, or the like. */
export type Variables = Readonly<Record<string, string | undefined>>;

export interface VaultSession {
  readonly client: VaultClient;
  /** A token that is good for a while; another one when the login is running out. @throws VaultError, CliError */
  token(): Promise<string>;
  /** Ends what was logged in here; a token that a person brought stays. */
  end(): Promise<void>;
}

const TIME_LIMIT_MS = 10_000;

/** @throws CliError when the environment has no Vault */
export function vaultOf({ name, secrets }: Pick<Environment, 'name' | 'secrets'>): VaultSecrets {
  if (secrets.kind === 'vault') return secrets;
  throw new CliError(
    `environments/${name}.ts: secrets.kind: ${secrets.kind}; allowed: vault, for a command that talks to Vault`,
  );
}

/** `VAULT_ADDR` leads elsewhere, as for Vault's own tools: through a tunnel, or to a server on this machine. */
export function vaultClientOf(env: Environment, { VAULT_ADDR }: Variables): VaultClient {
  const { address, namespace } = vaultOf(env);
  return new VaultClient({ address: VAULT_ADDR || address, namespace });
}

/**
 * As that role: `VAULT_TOKEN` where it is set, else the OIDC token that GitHub gives a job with `id-token: write`.
 * @throws CliError when there is neither
 */
export function vaultSession(env: Environment, role: VaultRole, variables: Variables): VaultSession {
  const client = vaultClientOf(env, variables);
  const {
    VAULT_TOKEN,
    ACTIONS_ID_TOKEN_REQUEST_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
  } = variables;
  if (VAULT_TOKEN) return { client, token: () => Promise.resolve(VAULT_TOKEN), end: async () => undefined };
  if (!url || !bearer)
    throw new CliError(
      'no login to Vault; allowed: VAULT_TOKEN, or a GitHub job with the permission id-token: write',
    );
  return new GithubSession(client, namesOf(env).vault.role(role), () =>
    githubToken(url, bearer, vaultAudience(vaultOf(env))),
  );
}

class GithubSession implements VaultSession {
  private current: { readonly token: string; readonly staleAt: number } | undefined;

  constructor(
    readonly client: VaultClient,
    private readonly role: string,
    private readonly jwt: () => Promise<string>,
  ) {}

  async token(): Promise<string> {
    // Half of its life is time enough for any request that is sent with it.
    if (this.current && Date.now() < this.current.staleAt) return this.current.token;
    await this.end();
    const { auth } = await this.client.send({
      method: 'POST',
      path: `auth/${VAULT_MOUNTS.github}/login`,
      body: { role: this.role, jwt: await this.jwt() },
    });
    if (!auth) throw new CliError(`vault: the login as ${this.role} gave no token`);
    this.current = { token: auth.token, staleAt: Date.now() + auth.leaseSeconds * 500 };
    return auth.token;
  }

  async end(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    if (!current) return;
    // It ends by itself within minutes.
    await this.client
      .send({ method: 'POST', path: 'auth/token/revoke-self', token: current.token })
      .catch(() => undefined);
  }
}

/** https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token */
async function githubToken(url: string, bearer: string, audience: string): Promise<string> {
  const asked = new URL(url);
  asked.searchParams.set('audience', audience);
  const fault = (why: string) => new CliError(`github: no OIDC token from ${asked.host}: ${why}`);
  let body: unknown;
  try {
    const response = await fetch(asked, {
      headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' },
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
    if (!response.ok) throw fault(`HTTP ${response.status}`);
    body = await response.json();
  } catch (error) {
    throw error instanceof CliError ? error : fault(messageOf(error));
  }
  const { value } = body as { readonly value?: unknown };
  if (typeof value !== 'string') throw fault('an answer without a value');
  return value;
}
