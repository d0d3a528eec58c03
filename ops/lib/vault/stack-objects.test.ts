import { RESOURCE_TYPES } from './resource-types';
import { stackObjects, withoutVariables } from './stack-objects';
import type { VaultStackJson } from './stack-resources';

const stack = (resource: VaultStackJson['resource'], rest: object = {}): VaultStackJson => ({
  ...(resource ? { resource } : {}),
  ...rest,
});
const pathsOf = (json: VaultStackJson) =>
  stackObjects(json).map(({ object, attributes }) => object.path(attributes(withoutVariables)));

const POLICY = { name: 'p', policy: 'path "x" {}' };

test.each([
  [
    'a type that nobody has put into the table',
    { vault_token: { t: {} } },
    `vault_token.t: unknown type; allowed: ${Object.keys(RESOURCE_TYPES).join(', ')}`,
  ],
  [
    'an attribute that would be left out unseen',
    { vault_policy: { p: { ...POLICY, namespace: 'admin' } } },
    'vault_policy.p: unknown attribute namespace; allowed: name, policy',
  ],
  [
    'one that stands in a block',
    { vault_auth_backend: { a: { type: 'aws', tune: { plugin_version: '1' } } } },
    'vault_auth_backend.a: unknown attribute tune.plugin_version; allowed: path, type,',
  ],
  [
    'a block that is there twice',
    { vault_auth_backend: { a: { type: 'aws', tune: [{}, {}] } } },
    'tune: 2 blocks; allowed: one',
  ],
  [
    'a resource that is counted',
    { vault_policy: { p: { ...POLICY, count: 2 } } },
    'vault_policy.p: unknown attribute count; allowed: name, policy',
  ],
  [
    'an expression that is more than a reference',
    { vault_policy: { p: { ...POLICY, name: '${upper("p")}' } } },
    'vault_policy.p: cannot follow ${upper("p")}; allowed: a variable, or what a resource of this stack sets',
  ],
  [
    'a reference to what only Vault knows',
    { vault_policy: { p: POLICY, q: { ...POLICY, name: '${vault_policy.p.id}' } } },
    'vault_policy.q: cannot follow ${vault_policy.p.id}; allowed:',
  ],
  [
    'a reference to a data source',
    { vault_policy: { p: { ...POLICY, policy: '${data.vault_policy_document.d.hcl}' } } },
    'vault_policy.p: cannot follow ${data.vault_policy_document.d.hcl}; allowed:',
  ],
  [
    'resources in a circle',
    {
      vault_policy: {
        p: { ...POLICY, policy: '${vault_policy.q.policy}' },
        q: { ...POLICY, policy: '${vault_policy.p.policy}' },
      },
    },
    'resources depend on one another in a circle: vault_policy.p → vault_policy.q → vault_policy.p',
  ],
])('%s is refused', (_title, resource, message) => {
  expect(() => stackObjects(stack(resource as VaultStackJson['resource']))).toThrow(message);
});

test('an empty stack is nothing', () => {
  expect(stackObjects(stack(undefined))).toEqual([]);
});

test('what depends on something comes after it, and audit devices before everything', () => {
  const json = stack({
    vault_approle_auth_backend_role: { r: { backend: '${vault_auth_backend.a.path}', role_name: 'r' } },
    vault_audit: { a: { type: 'file', options: {} } },
    vault_auth_backend: { a: { type: 'approle', depends_on: ['vault_policy.p'] } },
    vault_policy: { p: POLICY },
  });
  expect(pathsOf(json)).toEqual([
    'sys/audit/file',
    'sys/policies/acl/p',
    'sys/auth/approle',
    'auth/approle/role/r',
  ]);
});

test('references are followed within texts, and what only looks like one is left', () => {
  const [, policy] = stackObjects(
    stack({
      vault_mount: { m: { path: 'kv', type: 'kv' } },
      vault_policy: { p: { name: 'p', policy: 'path "${vault_mount.m.path}/$${x}" {} # ${var.note}' } },
    }),
  );
  expect(policy!.attributes((name) => `<${name}>`)['policy']).toBe('path "kv/${x}" {} # <note>');
});

test('a block is one whether it stands in a list or not', () => {
  for (const postgresql of [{ username: 'u' }, [{ username: 'u' }]]) {
    const json = stack({
      vault_database_secret_backend_connection: { c: { backend: 'database', name: 'c', postgresql } },
    });
    const [connection] = stackObjects(json);
    expect(connection!.attributes(withoutVariables)).toMatchObject({ 'postgresql.username': 'u' });
  }
});

test('a method of GitHub is a mount and its settings', () => {
  expect(pathsOf(stack({ vault_jwt_auth_backend: { j: { path: 'jwt-github' } } }))).toEqual([
    'sys/auth/jwt-github',
    'auth/jwt-github/config',
  ]);
});
