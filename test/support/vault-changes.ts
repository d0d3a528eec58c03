/** What somebody may do by hand to what the stack of `FULL` has put on a Vault, and what a check then says of it. */
import type { VaultRequest } from '../../benchmark/src/vault';
import { namesOf } from '../../constructs/naming/names';
import { FULL } from './vault-stacks';

export interface Change {
  /** Of the Terraform resource. */
  readonly type: string;
  readonly title: string;
  readonly requests: readonly Omit<VaultRequest, 'token'>[];
  readonly lines: readonly string[];
}

const { mount, database } = FULL.secrets;
const { prefix, vault } = namesOf(FULL);
const { kubernetesMount } = vault;
const [host, deploy, dashboard] = [vault.role('host'), vault.role('deploy'), vault.role('dashboard')];

const post = (path: string, body: VaultRequest['body'] = {}) => ({ method: 'POST', path, body }) as const;
const remove = (path: string) => ({ method: 'DELETE', path }) as const;
const differs = (path: string, detail: string) => `differs  ${path}: ${detail}`;

/** @param issuerUrl where the Vault reads GitHub's keys */
export const changes = (issuerUrl: string): readonly Change[] => [
  {
    type: 'vault_audit',
    title: 'a device that writes secrets as they are',
    requests: [
      remove('sys/audit/stdout'),
      post('sys/audit/stdout', { type: 'file', options: { file_path: 'stdout', log_raw: 'true' } }),
    ],
    lines: [
      differs('sys/audit/stdout', 'description: ""; wanted: "Requests and answers, secrets as HMACs"'),
      differs(
        'sys/audit/stdout',
        'options: {"file_path":"stdout","log_raw":"true"}; wanted: {"file_path":"stdout"}',
      ),
    ],
  },
  {
    type: 'vault_mount',
    title: 'an engine that everybody sees',
    requests: [post(`sys/mounts/${mount}/tune`, { listing_visibility: 'unauth', max_lease_ttl: '1h' })],
    lines: [
      differs(`sys/mounts/${mount}`, 'config.max_lease_ttl: 3600; wanted: 0'),
      differs(`sys/mounts/${mount}`, 'config.listing_visibility: "unauth"; wanted: "hidden"'),
    ],
  },
  {
    type: 'vault_kv_secret_backend_v2',
    title: 'more versions, which go by themselves',
    requests: [post(`${mount}/config`, { max_versions: 99, delete_version_after: '1h' })],
    lines: [
      differs(`${mount}/config`, 'delete_version_after: 3600; wanted: 0'),
      differs(`${mount}/config`, 'max_versions: 99; wanted: 3'),
    ],
  },
  {
    type: 'vault_policy',
    title: 'a policy that opens everything',
    requests: [post(`sys/policies/acl/${host}`, { policy: 'path "*" { capabilities = ["read"] }\n' })],
    lines: [
      differs(
        `sys/policies/acl/${host}`,
        `policy, line 1: "path \\"*\\" { capabilities = [\\"read\\"] }"; wanted: "path \\"${mount}/data/he300/webhook/signing-key\\" {"`,
      ),
    ],
  },
  {
    type: 'vault_auth_backend',
    title: 'a method whose tokens cannot be revoked',
    requests: [post('sys/auth/aws/tune', { token_type: 'batch', default_lease_ttl: '24h' })],
    lines: [
      differs('sys/auth/aws', 'config.default_lease_ttl: 86400; wanted: 0'),
      differs('sys/auth/aws', 'config.token_type: "batch"; wanted: "default-service"'),
    ],
  },
  {
    type: 'vault_jwt_auth_backend',
    title: 'another issuer, and a role for whoever names none',
    requests: [
      post('auth/jwt-github/config', {
        ...{ oidc_discovery_url: issuerUrl, bound_issuer: 'https://example.org', default_role: deploy },
      }),
    ],
    lines: [
      differs(
        'auth/jwt-github/config',
        'bound_issuer: "https://example.org"; wanted: "https://token.actions.githubusercontent.com"',
      ),
      differs('auth/jwt-github/config', `default_role: "${deploy}"; wanted: ""`),
    ],
  },
  {
    type: 'vault_jwt_auth_backend_role',
    title: 'a role for every branch, without end',
    requests: [
      post(`auth/jwt-github/role/${deploy}`, {
        ...{
          role_type: 'jwt',
          user_claim: 'job_workflow_ref',
          bound_claims_type: 'glob',
          token_period: '1h',
        },
        bound_audiences: [FULL.secrets.address],
        bound_claims: { repository: 'rng-ops/*' },
      }),
    ],
    lines: [
      differs(`auth/jwt-github/role/${deploy}`, 'token_period: 3600; wanted: 0'),
      differs(
        `auth/jwt-github/role/${deploy}`,
        'bound_claims: {"repository":["rng-ops/*"]}; wanted: {"environment":["prod"],"job_workflow_ref":["rng-ops/he300-bench/.github/workflows/benchmark.yml@refs/heads/main"',
      ),
      differs(`auth/jwt-github/role/${deploy}`, 'bound_claims_type: "glob"; wanted: "string"'),
    ],
  },
  {
    type: 'vault_aws_auth_backend_client',
    title: 'logins that were signed for another server, and an STS of somebody else',
    requests: [
      post('auth/aws/config/client', { iam_server_id_header_value: '', sts_endpoint: 'https://example.org' }),
    ],
    lines: [
      differs('auth/aws/config/client', 'iam_server_id_header_value: ""; wanted: "vault.example.org"'),
      differs('auth/aws/config/client', 'sts_endpoint: "https://example.org"; wanted: ""'),
    ],
  },
  {
    type: 'vault_aws_auth_backend_role',
    title: 'a role for whoever is in the account',
    requests: [
      post(`auth/aws/role/${host}`, {
        bound_iam_principal_arn: ['arn:aws:iam::123456789012:role/*'],
        token_policies: [host, vault.role('admin')],
      }),
    ],
    lines: [
      differs(`auth/aws/role/${host}`, `token_policies: ["${prefix}-admin","${host}"]; wanted: ["${host}"]`),
      differs(
        `auth/aws/role/${host}`,
        `bound_iam_principal_arn: ["arn:aws:iam::123456789012:role/*"]; wanted: ["arn:aws:iam::123456789012:role/${prefix}-gpu-host"]`,
      ),
    ],
  },
  {
    type: 'vault_approle_auth_backend_role',
    title: 'secret ids that are good for ever, from everywhere',
    requests: [
      post(`auth/approle/role/${host}`, {
        ...{ secret_id_num_uses: 0, secret_id_ttl: 0, secret_id_bound_cidrs: [] },
      }),
    ],
    lines: [
      differs(
        `auth/approle/role/${host}`,
        'secret_id_bound_cidrs: []; wanted: ["198.51.100.7/32","203.0.113.0/24"]',
      ),
      differs(`auth/approle/role/${host}`, 'secret_id_num_uses: 0; wanted: 1'),
      differs(`auth/approle/role/${host}`, 'secret_id_ttl: 0; wanted: 1200'),
    ],
  },
  {
    type: 'vault_kubernetes_auth_backend_config',
    title: 'another cluster',
    requests: [
      post(`auth/${kubernetesMount}/config`, {
        ...{ kubernetes_host: 'https://example.org', disable_local_ca_jwt: true },
      }),
    ],
    lines: [
      differs(
        `auth/${kubernetesMount}/config`,
        'kubernetes_host: "https://example.org"; wanted: "https://kubernetes.example.org:6443"',
      ),
    ],
  },
  {
    type: 'vault_kubernetes_auth_backend_role',
    title: 'every service account',
    requests: [
      post(`auth/${kubernetesMount}/role/${dashboard}`, {
        ...{ bound_service_account_names: ['*'], bound_service_account_namespaces: ['he300'] },
      }),
    ],
    lines: [
      differs(
        `auth/${kubernetesMount}/role/${dashboard}`,
        'bound_service_account_names: ["*"]; wanted: ["dashboard"]',
      ),
    ],
  },
  {
    type: 'vault_database_secret_backend_connection',
    title: 'a database that every role may use, with passwords of somebody’s making',
    requests: [
      post(`database/config/${prefix}`, {
        ...{ allowed_roles: ['*'], password_policy: 'short', verify_connection: false },
        connection_url: `postgresql://{{username}}:{{password}}@${database!.host}:5432/he300?sslmode=disable`,
      }),
    ],
    lines: [
      differs(`database/config/${prefix}`, `allowed_roles: ["*"]; wanted: ["${prefix}-postgres"]`),
      differs(
        `database/config/${prefix}`,
        'connection_details.connection_url: "postgresql://{{username}}:{{password}}@db.example.org:5432/he300?sslmode=disable"; wanted: "postgresql://{{username}}:{{password}}@db.example.org:5432/he300?sslmode=verify-full"',
      ),
      differs(`database/config/${prefix}`, 'password_policy: "short"; wanted: ""'),
    ],
  },
  {
    type: 'vault_database_secret_backend_role',
    title: 'users that stay',
    requests: [
      post(`database/roles/${prefix}-postgres`, {
        ...{ db_name: prefix, max_ttl: '8760h', revocation_statements: [] },
        creation_statements: [`CREATE ROLE "{{name}}" SUPERUSER LOGIN PASSWORD '{{password}}'`],
      }),
    ],
    lines: [
      differs(
        `database/roles/${prefix}-postgres`,
        `creation_statements: ["CREATE ROLE \\"{{name}}\\" SUPERUSER LOGIN PASSWORD '{{password}}'"]; wanted: ["CREATE ROLE`,
      ),
      differs(`database/roles/${prefix}-postgres`, 'max_ttl: 31536000; wanted: 86400'),
      differs(
        `database/roles/${prefix}-postgres`,
        'revocation_statements: []; wanted: ["ALTER ROLE \\"{{name}}\\" WITH NOLOGIN"',
      ),
    ],
  },
];
