/** What the policies say; that Vault holds to it is tried on a real one, in `test/integration/vault-access.test.ts`. */
import { VAULT_PATHS } from '@he300/benchmark/contract';
import { loadEnvironment } from '../../../environments';
import type { VaultSecrets } from '../../../environments/schema';
import { devWith } from '../../../test/support/stacks';
import { VAULT_ROLES, type VaultRole } from '../../naming/names';
import type { Grant } from '../policy-text';
import { grantsOf, vaultPolicy, type PolicyScope } from '.';

const prod = loadEnvironment('prod');

/** The environment with everything that Vault may have. */
function scope(
  change: Partial<VaultSecrets> = {},
  more: Partial<PolicyScope['environment']> = {},
): PolicyScope {
  const secrets: VaultSecrets = {
    ...(prod.secrets as VaultSecrets),
    database: {
      ...{ host: 'db.example.org', port: 5432, name: 'he300' },
      ...{ adminUsername: 'vault', ownerRole: 'he300_owner', tls: 'verify-full' },
    },
    ...change,
  };
  return {
    environment: { ...prod, lambdaCloud: { apiKeyParameter: '/a/b' }, ...more, secrets },
    secrets,
  };
}

const grants = (role: VaultRole, of = scope()): readonly Grant[] => grantsOf(role, of);

const covers = ({ path }: Grant, asked: string): boolean =>
  path.endsWith('*') ? asked.startsWith(path.slice(0, -1)) : path === asked;

const capabilitiesAt = (role: VaultRole, path: string, of = scope()): readonly string[] =>
  grants(role, of)
    .filter((grant) => covers(grant, path))
    .flatMap(({ capabilities }) => capabilities);

const readersOf = (path: string): readonly VaultRole[] =>
  VAULT_ROLES.filter((role) => capabilitiesAt(role, `he300-prod/data/${path}`).includes('read'));

test.each<[string, readonly VaultRole[]]>([
  [VAULT_PATHS.webhookKey, ['host', 'dashboard', 'rotate', 'admin']],
  [VAULT_PATHS.jwtSigningKey, ['deploy', 'dashboard', 'rotate', 'admin']],
  [VAULT_PATHS.apiKey('dashboard'), ['deploy', 'host', 'rotate', 'admin']],
  [VAULT_PATHS.apiKey('model-server'), ['deploy', 'host', 'rotate', 'admin']],
  [VAULT_PATHS.apiKey('tailscale'), ['deploy', 'host', 'rotate', 'admin']],
  [VAULT_PATHS.apiKey('lambda-cloud'), ['deploy', 'rotate', 'admin']],
  [VAULT_PATHS.tunnelPeer('test-runner'), ['deploy', 'host', 'rotate', 'admin']],
  [VAULT_PATHS.wireguard('test-runner'), ['deploy', 'rotate', 'admin']],
  [VAULT_PATHS.wireguard('gpu-host'), ['rotate', 'admin']],
  [VAULT_PATHS.postgres, ['dashboard', 'rotate', 'admin']],
  [VAULT_PATHS.redis, ['dashboard', 'rotate', 'admin']],
  [VAULT_PATHS.tlsCert, ['dashboard', 'admin']],
  [VAULT_PATHS.tlsKey, ['dashboard', 'admin']],
  [VAULT_PATHS.rotation('webhook'), ['rotate', 'admin']],
  ['he300/something-new', ['admin']],
])('%s is read by %j alone', (path, roles) => {
  expect(readersOf(path)).toEqual(roles);
});

test.each(VAULT_ROLES)('%s keeps to its own environment', (role) => {
  const theirs = /he300-prod|^auth\/token\/|^sys\/(mounts|auth|audit|policies\/acl|leases\/renew)$/;
  // What environments share, which the one that creates it keeps.
  const shared =
    /^(sys\/(mounts\/)?auth|auth|sys\/mounts)\/(jwt-github|aws|approle|database)(\/|$)|^sys\/audit\/(stdout|set-up)$/;
  const names = /^(auth\/(jwt-github|aws|approle)\/role|database\/(config|roles))$/;
  for (const { path, capabilities } of grants(role)) {
    if (names.test(path)) expect(capabilities).toEqual(['list']);
    else if (shared.test(path) && !path.includes('he300-prod')) expect(role).toBe('terraform-deploy');
    else expect(path).toMatch(theirs);
  }
});

test('only whoever deploys the stack, and an administrator for leases, may do what Vault guards by sudo', () => {
  const guarded = VAULT_ROLES.flatMap((role) =>
    grants(role)
      .filter(({ capabilities }) => capabilities.includes('sudo'))
      .map(({ path }) => `${role}: ${path.split('/').slice(0, 2).join('/')}`),
  );
  expect([...new Set(guarded)].sort()).toEqual([
    'admin: sys/leases',
    'terraform-deploy: sys/audit',
    'terraform-deploy: sys/auth',
  ]);
});

test('whoever deploys the stack sees no secret, and deletes neither secrets nor what others share nor the record', () => {
  const deploys = grants('terraform-deploy');
  expect(deploys.filter(({ path }) => /^he300-prod\/(?!config$)/.test(path))).toEqual([]);
  expect(deploys.filter(({ path }) => path.includes('/creds/') || path.endsWith('secret-id'))).toEqual([]);
  const deleted = deploys.filter(({ capabilities }) => capabilities.includes('delete'));
  expect(deleted.length).toBeGreaterThan(0);
  const ours = /^(sys\/policies\/acl\/|auth\/[\w-]+\/role\/|database\/(config|roles)\/)he300-prod/;
  expect(deleted.map(({ path }) => path).filter((path) => !ours.test(path))).toEqual([]);
});

test('an environment that finds what is shared keeps its hands off it', () => {
  const existing = scope({ shared: 'existing' });
  const paths = grants('terraform-deploy', existing).map(({ path }) => path);
  expect(
    paths.filter((path) => /^sys\/(auth|mounts|audit)\//.test(path) && !path.includes('he300-prod')),
  ).toEqual([]);
  expect(paths.filter((path) => /\/config/.test(path)).sort()).toEqual([
    'auth/he300-prod-kubernetes/config',
    'database/config',
    'database/config/he300-prod',
    'he300-prod/config',
  ]);
});

test('in a namespace nobody asks for an audit device', () => {
  expect(vaultPolicy('terraform-deploy', scope())).toContain('"sys/audit/stdout"');
  expect(vaultPolicy('terraform-deploy', scope({ namespace: 'admin' }))).not.toContain('sys/audit');
});

test('a secret id is given to workflows wrapped, for no longer than it is good', () => {
  const [given] = grants('deploy').filter(({ path }) => path.endsWith('/secret-id'));
  expect(given).toEqual({
    path: 'auth/approle/role/he300-prod-host/secret-id',
    capabilities: ['update'],
    wrapped: { minSeconds: 60, maxSeconds: 1200 },
  });
});

test('without hosts on Lambda Cloud and without Postgres nobody is told of either', () => {
  const { database: _none, ...secrets } = scope().secrets;
  const plain: PolicyScope = { environment: devWith({ secrets }), secrets };
  for (const role of VAULT_ROLES.filter((role) => role !== 'terraform-deploy'))
    expect(vaultPolicy(role, plain)).not.toMatch(/approle|database\/creds|sys\/leases/);
});

test.each(VAULT_ROLES)('%s may look after its own token', (role) => {
  expect(capabilitiesAt(role, 'auth/token/lookup-self')).toEqual(['read']);
  expect(capabilitiesAt(role, 'auth/token/renew-self')).toEqual(['update']);
  expect(capabilitiesAt(role, 'auth/token/revoke-self')).toEqual(['update']);
});
