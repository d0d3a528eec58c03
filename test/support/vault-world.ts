/**
 * A real Vault that two environments share, put there as their stacks say: `prod` makes what they share, `staging` finds
 * it made. What the stacks ask of the world is asked on loopback: GitHub's keys of a test issuer, AWS's STS of the
 * emulator, a real Postgres. There is no cluster of Kubernetes.
 */
import pg from 'pg';
import { namesOf, VAULT_MOUNTS, type VaultRole } from '../../constructs/naming/names';
import { SECRET_WORKFLOWS } from '../../constructs/identity/workflows';
import { loadEnvironment } from '../../environments';
import type { Environment, VaultSecrets } from '../../environments/schema';
import { vaultAudience, vaultServerId } from '../../environments/vault';
import { applyVaultStack, type Applied } from '../../ops/lib/vault/apply';
import type { VaultStackJson } from '../../ops/lib/vault/stack-resources';
import type { Tool } from '../../ops/lib/tool';
import { VaultClient } from '../../benchmark/src/vault';
import { withEmulator } from './emulator';
import { githubIssuer, type GithubIssuer, type Workflow } from './github-issuer';
import { withPostgres } from './postgres';
import { askPasswords } from './postgres-passwords';
import { withVault, type VaultServer } from './vault';
import { VAULT_SERVER } from './vault-servers';
import { stackWithIssuer } from './vault-stacks';
import { assumed, loginByAws, loginByJwt, SERVER_ID_HEADER, signedQuestion } from './vault-logins';

export const OWNER_ROLE = 'he300_owner';
const ADMIN = { username: 'vault_admin', password: 'of-the-admin' } as const;
/** RFC 5737's, for documents: nobody is there. */
const ELSEWHERE = '192.0.2.0/24';
const START_LIMIT_MS = 120_000;

export interface VaultTools {
  readonly vault: Tool;
  readonly postgres: Tool;
  readonly moto: Tool;
}

export type WithVault = Environment & { readonly secrets: VaultSecrets };

export class VaultWorld {
  private readonly stacks = new Map<string, VaultStackJson>();

  constructor(
    readonly vault: VaultServer,
    readonly issuer: GithubIssuer,
    /** Of the emulator. */
    readonly awsEndpoint: string,
    /** Of a superuser. */
    readonly databaseUrl: string,
    readonly prod: WithVault,
    readonly staging: WithVault,
  ) {}

  /** What the environment's stack says, asked on loopback. */
  private stackOf(env: WithVault): VaultStackJson {
    const json = stackWithIssuer(env, this.issuer.url);
    const clients = Object.entries(json.resource?.['vault_aws_auth_backend_client'] ?? {});
    if (clients.length === 0) return json;
    const aws = this.awsEndpoint;
    const led = clients.map(([id, attributes]) => [
      id,
      { ...attributes, sts_endpoint: aws, iam_endpoint: aws, ec2_endpoint: aws },
    ]);
    return {
      ...json,
      resource: { ...json.resource, vault_aws_auth_backend_client: Object.fromEntries(led) },
    };
  }

  /** @param token @default - of the root */
  apply(env: WithVault, token = this.vault.rootToken): Promise<Applied[]> {
    const stack = this.stacks.get(env.name) ?? this.stackOf(env);
    this.stacks.set(env.name, stack);
    return applyVaultStack(stack, {
      client: new VaultClient({ address: this.vault.address }),
      token,
      variables: { postgres_admin_password: ADMIN.password },
    });
  }

  /** A token of the role, by the login that it has in life; an administrator's is made for him. */
  async login(env: WithVault, role: VaultRole): Promise<string> {
    switch (role) {
      case 'deploy':
      case 'rotate':
      case 'terraform-deploy':
        return this.loginAsWorkflow(env, role);
      case 'host':
        return this.loginAsAwsRole(env, role, namesOf(env).hostRole);
      case 'dashboard':
        return this.loginAsAwsRole(env, role, namesOf(env).dashboardTaskRole);
      case 'admin':
        return this.tokenOf(env, role);
    }
  }

  /** The workflow run that may have the role. */
  workflowOf({ github }: WithVault, role: keyof typeof SECRET_WORKFLOWS): Workflow {
    const { branch = 'main', applyEnvironment, ...repository } = github!;
    const file = SECRET_WORKFLOWS[role][0];
    return { ...repository, ref: `refs/heads/${branch}`, file, environment: applyEnvironment };
  }

  private async loginAsWorkflow(env: WithVault, role: keyof typeof SECRET_WORKFLOWS): Promise<string> {
    const token = await this.issuer.token(this.workflowOf(env, role), {
      audience: vaultAudience(env.secrets),
    });
    return loginByJwt(this.vault, VAULT_MOUNTS.github, namesOf(env).vault.role(role), token);
  }

  /** A token of the VM that copies the environment's own Vault. */
  loginToCopy(env: WithVault): Promise<string> {
    return this.loginAsAwsRole(env, 'snapshot', namesOf(env).vaultServer);
  }

  private async loginAsAwsRole(
    env: WithVault,
    role: 'host' | 'dashboard' | 'snapshot',
    iamRole: string,
  ): Promise<string> {
    const { arn, vault } = namesOf(env);
    const credentials = await assumed(this.awsEndpoint, arn.role(iamRole));
    const question = await signedQuestion(credentials, { [SERVER_ID_HEADER]: vaultServerId(env.secrets) });
    return loginByAws(this.vault, role === 'snapshot' ? vault.snapshotRole : vault.role(role), question);
  }

  private async tokenOf(env: WithVault, role: VaultRole): Promise<string> {
    const policies = [namesOf(env).vault.role(role)];
    const { auth } = await this.vault.send({
      ...{
        method: 'POST',
        path: 'auth/token/create',
        body: { policies, no_default_policy: true, ttl: '1h' },
      },
    });
    return auth!.token;
  }
}

/** One world for the suite it is called in. */
export function withVaultWorld(tools: VaultTools): () => VaultWorld {
  const vault = withVault(tools.vault);
  const emulator = withEmulator();
  const postgres = withPostgres(tools.postgres);
  let issuer: GithubIssuer | undefined;
  let world: VaultWorld | undefined;

  beforeAll(async () => {
    issuer = await githubIssuer();
    const databaseUrl = await databaseWithAdmin(await postgres.newDatabase());
    const { hostname, port, pathname } = new URL(databaseUrl);
    const database = { host: hostname, port: Number(port), name: pathname.slice(1) };
    const env = (name: 'prod' | 'staging', change: Partial<VaultSecrets> = {}): WithVault => {
      const loaded = loadEnvironment(name);
      if (loaded.secrets.kind !== 'vault') throw new Error(`${name} has no Vault`);
      return {
        ...loaded,
        dashboard: loadEnvironment('prod').dashboard,
        lambdaCloud: { apiKeyParameter: `/he300/${name}/lambda-cloud` },
        secrets: {
          ...loaded.secrets,
          database: { ...database, adminUsername: ADMIN.username, ownerRole: OWNER_ROLE, tls: 'disable' },
          kubernetes: {
            ...{ host: 'https://kubernetes.example.org:6443', audience: 'vault' },
            ...{ serviceAccount: 'dashboard', namespace: 'he300' },
          },
          ...change,
        },
      };
    };
    world = new VaultWorld(
      vault(),
      issuer,
      emulator.endpoint,
      databaseUrl,
      env('prod', { server: VAULT_SERVER }),
      env('staging', { lambdaCidrs: [ELSEWHERE] }),
    );
    await world.apply(world.prod);
    await world.apply(world.staging);
  }, START_LIMIT_MS);
  afterAll(() => issuer?.close());

  return () => {
    if (!world) throw new Error('the world is not there outside of hooks and tests');
    return world;
  };
}

/** The user as which Vault makes others is no superuser: it may make users, and has the role that they act as. */
async function databaseWithAdmin(url: string): Promise<string> {
  const { username, password } = ADMIN;
  const withPassword = await askPasswords(url);
  const client = new pg.Client(withPassword);
  await client.connect();
  await client.query(`CREATE ROLE ${OWNER_ROLE} NOLOGIN`);
  await client.query(`CREATE ROLE ${username} LOGIN CREATEROLE PASSWORD '${password}'`);
  await client.query(`GRANT ${OWNER_ROLE} TO ${username} WITH ADMIN OPTION`);
  await client.end();
  return withPassword;
}
