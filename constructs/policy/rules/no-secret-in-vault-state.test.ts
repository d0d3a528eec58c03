import { TerraformVariable } from 'cdktf';
import { addResources, describeRule, synthesizeUnder } from '../../../test/support/synth';
import { noSecretInVaultState } from './no-secret-in-vault-state';

const postgres = (postgresql: object) =>
  ['vault_database_secret_backend_connection', { postgresql }] as const;

describeRule(noSecretInVaultState, {
  violations: [
    [
      'a secret of the first KV engine',
      [['vault_kv_secret', { path: 'kv/x', data_json: '${var.x}' }]],
      'what it makes stands in the state',
    ],
    ['a token', [['vault_token', { policies: ['x'] }]], 'what it makes stands in the state'],
    [
      'a secret id',
      [['vault_approle_auth_backend_role_secret_id', { role_name: 'x' }]],
      'what it makes stands in the state',
    ],
    [
      'a secret that is written as others are',
      [['vault_kv_secret_v2', { mount: 'kv', name: 'x', data_json: '${var.x}' }]],
      'data_json stands in the state',
    ],
    [
      'a password in a block',
      [postgres({ username: 'vault', password: '${var.x}' })],
      'postgresql.password stands in the state',
    ],
    [
      'a password in the second of several blocks',
      [
        [
          'vault_database_secrets_mount',
          { postgresql: [{ name: 'a' }, { name: 'b', password: '${var.x}' }] },
        ],
      ],
      'postgresql.1.password stands in the state',
    ],
    [
      'a password in a URL',
      [postgres({ connection_url: 'postgresql://vault:${var.x}@db:5432/he300' })],
      'postgresql.connection_url holds a password',
    ],
    [
      'a key of AWS',
      [['vault_aws_auth_backend_client', { access_key: 'x', secret_key: '${var.x}' }]],
      'secret_key stands in the state',
    ],
    [
      'the token of a reviewer',
      [['vault_kubernetes_auth_backend_config', { token_reviewer_jwt: '${var.x}' }]],
      'token_reviewer_jwt stands in the state',
    ],
    [
      'a client of OIDC',
      [['vault_jwt_auth_backend', { oidc_client_secret: '${var.x}' }]],
      'oidc_client_secret stands in the state',
    ],
    [
      'a write-only argument that the plan holds',
      [postgres({ password_wo: '${var.x}' })],
      'postgresql.password_wo is fed by var.x, which is not ephemeral: it stands in the plan',
    ],
  ],
  compliant: [
    [
      'what Vault fills in itself',
      [postgres({ connection_url: 'postgresql://{{username}}:{{password}}@db:5432/he300?sslmode=require' })],
    ],
    ['a server without a password', [postgres({ connection_url: 'postgresql://db:5432/he300' })]],
    [
      'what only sounds like one',
      [
        ['vault_approle_auth_backend_role', { bind_secret_id: true, secret_id_ttl: 1200 }],
        ['vault_jwt_auth_backend_role', { role_type: 'jwt', token_policies: ['x'] }],
        ['vault_jwt_auth_backend', { type: 'jwt', path: 'jwt', oidc_client_secret: '' }],
        postgres({ password_authentication: 'scram-sha-256', password_wo_version: 1 }),
      ],
    ],
    ['a password of another provider', [['aws_db_instance', { password: '${var.x}' }]]],
    ['data that say what there is', [['data.vault_kv_secrets_list_v2', { mount: 'kv' }]]],
  ],
});

test('an ephemeral variable feeds a write-only argument', () => {
  const build = (ephemeral: boolean) => () =>
    synthesizeUnder([noSecretInVaultState], (stack) => {
      new TerraformVariable(stack, 'x', {}).addOverride('ephemeral', ephemeral);
      addResources(stack, [postgres({ password_wo: '${var.x}' })]);
    });
  expect(build(true)).not.toThrow();
  expect(build(false)).toThrow('password_wo is fed by var.x, which is not ephemeral');
});

test.each(['vault_kv_secret_v2', 'vault_generic_secret', 'vault_aws_access_credentials', 'vault_unheard_of'])(
  'the data source %s is refused',
  (type) => {
    expect(() =>
      synthesizeUnder([noSecretInVaultState], (stack) => addResources(stack, [[`data.${type}`, {}]])),
    ).toThrow(`no-secret-in-vault-state: what data.${type}.it reads stands in the state`);
  },
);
