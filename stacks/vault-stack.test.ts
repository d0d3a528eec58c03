import { loadEnvironment } from '../environments';
import type { Environment, VaultSecrets } from '../environments/schema';
import { stackObjects, withoutVariables } from '../ops/lib/vault/stack-objects';
import { largestEnvironment, vaultStackOf, type Synthesized } from '../test/support/stacks';
import { grantsOf } from '../constructs/vault/policies';

const prod = loadEnvironment('prod');
const secretsOf = (env: Environment) => env.secrets as VaultSecrets;

const EVERYTHING: Partial<VaultSecrets> = {
  lambdaCidrs: ['192.0.2.0/24'],
  database: {
    ...{ host: 'db.example.org', port: 5432, name: 'he300' },
    ...{ adminUsername: 'vault', ownerRole: 'he300_owner', tls: 'verify-full' },
  },
  kubernetes: {
    ...{ host: 'https://k8s.example.org', audience: 'vault' },
    ...{ serviceAccount: 'he300', namespace: 'he300' },
  },
};

const CERTIFICATES = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

const withSecrets = (change: Partial<VaultSecrets>, more: Partial<Environment> = {}): Environment => ({
  ...prod,
  ...more,
  secrets: { ...secretsOf(prod), ...change },
});
const everything = withSecrets(EVERYTHING, { lambdaCloud: { apiKeyParameter: '/a/b' } });

const typesIn = (stack: Synthesized): readonly string[] => Object.keys(stack.json.resource ?? {}).sort();

test('an environment that has its secrets elsewhere has no such stack', () => {
  expect(() => vaultStackOf(loadEnvironment('dev'))).toThrow('dev has its secrets in ssm');
});

test('the stack asks for one provider, in one version, and for nothing of AWS', () => {
  const { json } = vaultStackOf(prod);
  const { required_providers: required } = json.terraform as { required_providers: unknown };
  expect(required).toEqual({ vault: { source: 'hashicorp/vault', version: '5.6.0' } });
  expect(Object.keys(json.provider as object)).toEqual(['vault']);
});

test('the state is kept where that of the other stacks is', () => {
  const { backend } = vaultStackOf(prod).json.terraform as { backend: { s3: Record<string, unknown> } };
  expect(backend.s3).toMatchObject({
    bucket: 'he300-prod-state-123456789012',
    key: 'prod-vault.tfstate',
    use_lockfile: true,
    encrypt: true,
  });
});

test('one environment of a Vault makes what they share, the others their own alone', () => {
  expect(typesIn(vaultStackOf(withSecrets({})))).toEqual([
    'vault_audit',
    'vault_auth_backend',
    'vault_aws_auth_backend_client',
    'vault_aws_auth_backend_role',
    'vault_jwt_auth_backend',
    'vault_jwt_auth_backend_role',
    'vault_kv_secret_backend_v2',
    'vault_mount',
    'vault_policy',
  ]);
  expect(typesIn(vaultStackOf(withSecrets({ shared: 'existing' })))).toEqual([
    'vault_aws_auth_backend_role',
    'vault_jwt_auth_backend_role',
    'vault_kv_secret_backend_v2',
    'vault_mount',
    'vault_policy',
  ]);
});

test('two environments of a Vault name nothing alike', () => {
  const named = (env: Environment) =>
    stackObjects(vaultStackOf(env).json).map(({ object, attributes }) =>
      object.path(attributes(withoutVariables)),
    );
  const staging: Environment = {
    ...everything,
    name: 'staging',
    secrets: { ...secretsOf(everything), mount: 'he300-staging', shared: 'existing' },
  };
  const both = [...named(everything), ...named(staging)];
  expect(both.length).toBeGreaterThan(40);
  expect(new Set(both).size).toBe(both.length);
});

test('whoever deploys it may make, read and change every part of it', () => {
  const of = { environment: everything, secrets: secretsOf(everything) };
  const grants = grantsOf('terraform-deploy', of);
  const objects = stackObjects(vaultStackOf(everything).json);
  expect(objects.length).toBeGreaterThan(25);
  const lacking = objects
    .map(({ object, attributes }) => object.path(attributes(withoutVariables)))
    .filter((path) => {
      const capabilities = grants.find((grant) => grant.path === path)?.capabilities ?? [];
      return !(['create', 'read', 'update'] as const).every((one) => capabilities.includes(one));
    });
  expect(lacking).toEqual([]);
});

describe('logins', () => {
  test('without a repository no workflow logs in', () => {
    const { github: _none, ...rest } = prod;
    expect(vaultStackOf(rest).all('vault_jwt_auth_backend_role')).toEqual([]);
  });

  test('every token carries one policy, that of its role, and not the one that all have', () => {
    const stack = vaultStackOf(everything);
    const roles = typesIn(stack)
      .filter((type) => type.endsWith('auth_backend_role'))
      .flatMap((type) => stack.all(type));
    expect(roles).toHaveLength(7);
    for (const role of roles)
      expect(role).toMatchObject({
        token_policies: [role.role_name ?? role.role],
        token_no_default_policy: true,
      });
  });

  test('a host may stay for as long as its run, and ten minutes to say how it ended', () => {
    const [host] = vaultStackOf(prod)
      .all('vault_aws_auth_backend_role')
      .filter(({ role }) => role === 'he300-prod-host');
    const limit = (prod.run.timeLimitMinutes + 10) * 60;
    expect(host).toMatchObject({ token_ttl: 1800, token_max_ttl: limit, token_explicit_max_ttl: limit });
  });

  test('the shortest run there is makes no role that Vault refuses', () => {
    const short = { ...everything, run: { ...prod.run, timeLimitMinutes: 15 } };
    expect(vaultStackOf(short).one('vault_approle_auth_backend_role')).toMatchObject({
      token_ttl: 1500,
      token_max_ttl: 1500,
    });
  });

  test.each([
    ['ha', prod.dashboard, 'he300-prod-dashboard-task'],
    ['single', loadEnvironment('dev').dashboard, 'he300-prod-dashboard'],
  ] as const)('a dashboard of the tier %s logs in by its role', (_tier, dashboard, role) => {
    const roles = vaultStackOf({ ...prod, dashboard }).all('vault_aws_auth_backend_role');
    expect(roles.flatMap((one) => one.bound_iam_principal_arns as string[]).sort()).toEqual([
      `arn:aws:iam::123456789012:role/${role}`,
      'arn:aws:iam::123456789012:role/he300-prod-gpu-host',
    ]);
    for (const one of roles) expect(one.resolve_aws_unique_ids).toBe(false);
  });

  test('a dashboard that is elsewhere has no role of AWS', () => {
    const stack = vaultStackOf({ ...prod, dashboard: { tier: 'none' } });
    expect(stack.one('vault_aws_auth_backend_role').role).toBe('he300-prod-host');
  });

  test('a secret id is good once, soon not at all, and from where the hosts are', () => {
    expect(vaultStackOf(everything).one('vault_approle_auth_backend_role')).toMatchObject({
      secret_id_num_uses: 1,
      secret_id_ttl: 1200,
      secret_id_bound_cidrs: ['192.0.2.0/24'],
      token_bound_cidrs: ['192.0.2.0/24'],
    });
  });

  test('the method for Kubernetes is there only for a cluster, and knows its authority', () => {
    const kubernetes = { ...EVERYTHING.kubernetes!, caCertificates: CERTIFICATES };
    const stack = vaultStackOf(withSecrets({ kubernetes }));
    expect(stack.one('vault_kubernetes_auth_backend_config')).toMatchObject({
      kubernetes_host: 'https://k8s.example.org',
      kubernetes_ca_cert: CERTIFICATES,
      disable_local_ca_jwt: true,
      disable_iss_validation: true,
    });
    expect(typesIn(vaultStackOf(prod)).join()).not.toContain('kubernetes');
  });
});

describe('secrets', () => {
  test('none is written by Terraform, and the engine that holds them is not destroyed', () => {
    const stack = vaultStackOf(everything);
    const [kv] = stack.all('vault_mount').filter(({ type }) => type === 'kv');
    expect(kv).toMatchObject({ path: 'he300-prod', lifecycle: { prevent_destroy: true } });
    expect(typesIn(stack).join()).not.toMatch(/vault_kv_secret(,|_v2)|generic/);
    expect(Object.keys(stack.json.data ?? {})).toEqual([]);
  });

  test('the one password that passes through comes from a variable that no plan keeps', () => {
    const stack = vaultStackOf(everything);
    const { postgresql } = stack.one('vault_database_secret_backend_connection');
    expect(postgresql).toMatchObject({
      connection_url: 'postgresql://{{username}}:{{password}}@db.example.org:5432/he300?sslmode=verify-full',
      password_wo: '${var.postgres_admin_password}',
      password_wo_version: 1,
    });
    expect(stack.json.variable).toMatchObject({
      postgres_admin_password: { ephemeral: true, sensitive: true, nullable: false },
    });
  });

  test('another password is written when its number is another', () => {
    const database = { ...EVERYTHING.database!, adminPasswordVersion: 4 };
    const { postgresql } = vaultStackOf(withSecrets({ database })).one(
      'vault_database_secret_backend_connection',
    );
    expect(postgresql).toMatchObject({ password_wo_version: 4 });
  });

  test('a server of Postgres is checked against the authority that the environment names', () => {
    const database = { ...EVERYTHING.database!, caCertificates: CERTIFICATES };
    const { postgresql } = vaultStackOf(withSecrets({ database })).one(
      'vault_database_secret_backend_connection',
    );
    expect(postgresql).toMatchObject({ tls_ca: CERTIFICATES });
  });

  test('without Postgres nobody is asked for a password', () => {
    expect(Object.keys(vaultStackOf(prod).json.variable ?? {})).toEqual(['adopt_audit_device']);
  });

  test('an audit device that is there already is taken over, where somebody says that it is', () => {
    const stack = vaultStackOf(prod);
    const [address] = stack.addresses().filter((address) => address.startsWith('vault_audit.'));
    expect(stack.json['import']).toEqual([
      {
        for_each: '${toset(var.adopt_audit_device ? ["stdout"] : [])}',
        to: address,
        id: '${each.value}',
      },
    ]);
    expect(stack.json.variable).toMatchObject({ adopt_audit_device: { type: 'bool', default: false } });
  });
});

test('in a namespace everything is made there, and no audit device', () => {
  const stack = vaultStackOf(withSecrets({ namespace: 'admin' }));
  const { vault } = stack.json.provider as { vault: readonly object[] };
  expect(vault).toEqual([{ address: 'https://vault.example.org:8200', namespace: 'admin' }]);
  expect(stack.all('vault_audit')).toEqual([]);
});

test('the longest names there are make a stack', () => {
  const env = { ...largestEnvironment(), secrets: { ...secretsOf(everything), mount: 'm'.repeat(63) } };
  expect(vaultStackOf(env).all('vault_policy')).toHaveLength(6);
});
