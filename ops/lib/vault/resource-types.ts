/**
 * What each type of Terraform resource is in Vault's API: where it is read and written, under which names, and what Vault
 * answers where nobody has set anything. Attributes are the provider's
 * (https://registry.terraform.io/providers/hashicorp/vault/5.6.0/docs), parameters Vault's (https://developer.hashicorp.com/vault/api-docs).
 */
import type { Form } from './forms';
import type { Attributes } from './stack-resources';

export interface Field {
  readonly form: Form;
  /** The parameter's name; `config.x` stands in the answer below `config`. @default - the attribute's */
  readonly as?: string;
  /** What Vault has where nobody set it. @default - what nothing is in this form */
  readonly preset?: unknown;
  /** Written and never answered, or of Terraform alone: not compared. */
  readonly hidden?: 'secret' | 'terraform';
}

export interface ApiObject {
  /** Below `/v1/`: where it is read, and written unless `how` says otherwise. */
  path(a: Attributes): string;
  /** By attribute, a block's as `block.attribute`. */
  readonly fields: Readonly<Record<string, Field>>;
  /** What Vault answers beside settings. */
  readonly computed?: readonly string[];
  /**
   * `mount` is made at its path and changed at `…/tune`; `device` is read in the list above it and never changed, only made
   * again. @default 'plain'
   */
  readonly how?: 'plain' | 'mount' | 'device';
  /** Answered as an object of its own within the answer. */
  readonly nested?: 'config' | 'connection_details';
}

export interface ResourceType {
  /** Attributes that say where it is. */
  readonly place: readonly string[];
  /** Attributes that are blocks, of which a resource has one at most. */
  readonly blocks?: readonly string[];
  /** What the provider sets where the stack does not. */
  readonly preset?: Attributes;
  readonly objects: readonly ApiObject[];
}

const TOKEN_FIELDS: ApiObject['fields'] = {
  alias_metadata: { form: 'map' },
  token_bound_cidrs: { form: 'cidrs' },
  token_explicit_max_ttl: { form: 'seconds' },
  token_max_ttl: { form: 'seconds' },
  token_no_default_policy: { form: 'flag' },
  token_num_uses: { form: 'number' },
  token_period: { form: 'seconds' },
  token_policies: { form: 'set' },
  token_ttl: { form: 'seconds' },
  token_type: { form: 'text', preset: 'default' },
};

const tuned = (block: string): ApiObject['fields'] => ({
  [`${block}allowed_response_headers`]: { form: 'set', as: 'config.allowed_response_headers' },
  [`${block}audit_non_hmac_request_keys`]: { form: 'set', as: 'config.audit_non_hmac_request_keys' },
  [`${block}audit_non_hmac_response_keys`]: { form: 'set', as: 'config.audit_non_hmac_response_keys' },
  [`${block}listing_visibility`]: { form: 'text', as: 'config.listing_visibility', preset: 'hidden' },
  [`${block}passthrough_request_headers`]: { form: 'set', as: 'config.passthrough_request_headers' },
});

const MOUNT_COMPUTED = [
  ...['accessor', 'uuid', 'deprecation_status', 'plugin_version', 'running_plugin_version', 'running_sha256'],
];

const authMount = (pathOf: (a: Attributes) => string, type: Field): ApiObject => ({
  path: (a) => `sys/auth/${pathOf(a)}`,
  how: 'mount',
  nested: 'config',
  computed: MOUNT_COMPUTED,
  fields: {
    type,
    description: { form: 'text' },
    local: { form: 'flag' },
    disable_remount: { form: 'flag', hidden: 'terraform' },
    ...tuned('tune.'),
    'tune.default_lease_ttl': { form: 'seconds', as: 'config.default_lease_ttl' },
    'tune.max_lease_ttl': { form: 'seconds', as: 'config.max_lease_ttl' },
    'tune.token_type': { form: 'text', as: 'config.token_type', preset: 'default-service' },
  },
});

const text = (a: Attributes, name: string): string => String(a[name]);

export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  vault_audit: {
    place: ['path'],
    objects: [
      {
        path: (a) => `sys/audit/${text(a, 'path')}`,
        how: 'device',
        computed: ['path'],
        fields: {
          type: { form: 'text' },
          description: { form: 'text' },
          local: { form: 'flag' },
          options: { form: 'map' },
        },
      },
    ],
  },
  vault_mount: {
    place: ['path'],
    objects: [
      {
        path: (a) => `sys/mounts/${text(a, 'path')}`,
        how: 'mount',
        nested: 'config',
        computed: MOUNT_COMPUTED,
        fields: {
          type: { form: 'text' },
          description: { form: 'text' },
          options: { form: 'map' },
          local: { form: 'flag' },
          seal_wrap: { form: 'flag' },
          external_entropy_access: { form: 'flag' },
          default_lease_ttl_seconds: { form: 'seconds', as: 'config.default_lease_ttl' },
          max_lease_ttl_seconds: { form: 'seconds', as: 'config.max_lease_ttl' },
          force_no_cache: { form: 'flag', as: 'config.force_no_cache' },
          ...tuned(''),
        },
      },
    ],
  },
  vault_kv_secret_backend_v2: {
    place: ['mount'],
    objects: [
      {
        path: (a) => `${text(a, 'mount')}/config`,
        fields: {
          cas_required: { form: 'flag' },
          delete_version_after: { form: 'seconds' },
          max_versions: { form: 'number' },
        },
      },
    ],
  },
  vault_policy: {
    place: ['name'],
    objects: [
      {
        path: (a) => `sys/policies/acl/${text(a, 'name')}`,
        computed: ['name', 'version', 'modified', 'cas_required'],
        fields: { policy: { form: 'text' } },
      },
    ],
  },
  vault_auth_backend: {
    place: ['path'],
    blocks: ['tune'],
    objects: [authMount((a) => text(a, 'path'), { form: 'text' })],
  },
  vault_jwt_auth_backend: {
    place: ['path'],
    blocks: ['tune'],
    preset: { path: 'jwt', type: 'jwt' },
    objects: [
      authMount((a) => text(a, 'path'), { form: 'text' }),
      {
        path: (a) => `auth/${text(a, 'path')}/config`,
        computed: ['status'],
        fields: {
          bound_issuer: { form: 'text' },
          default_role: { form: 'text' },
          jwks_ca_pem: { form: 'text' },
          jwks_url: { form: 'text' },
          jwt_supported_algs: { form: 'set' },
          jwt_validation_pubkeys: { form: 'list' },
          namespace_in_state: { form: 'flag', preset: true },
          oidc_discovery_ca_pem: { form: 'text' },
          oidc_discovery_url: { form: 'text' },
        },
      },
    ],
  },
  vault_jwt_auth_backend_role: {
    place: ['backend', 'role_name'],
    preset: { backend: 'jwt', role_type: 'oidc' },
    objects: [
      {
        path: (a) => `auth/${text(a, 'backend')}/role/${text(a, 'role_name')}`,
        fields: {
          ...TOKEN_FIELDS,
          role_type: { form: 'text', preset: 'oidc' },
          bound_audiences: { form: 'set' },
          bound_claims: { form: 'claims' },
          bound_claims_type: { form: 'text', preset: 'string' },
          bound_subject: { form: 'text' },
          claim_mappings: { form: 'map' },
          clock_skew_leeway: { form: 'seconds' },
          expiration_leeway: { form: 'seconds' },
          groups_claim: { form: 'text' },
          not_before_leeway: { form: 'seconds' },
          user_claim: { form: 'text' },
          user_claim_json_pointer: { form: 'flag' },
        },
      },
    ],
  },
  vault_aws_auth_backend_client: {
    place: ['backend'],
    preset: { backend: 'aws' },
    objects: [
      {
        path: (a) => `auth/${text(a, 'backend')}/config/client`,
        fields: {
          allowed_sts_header_values: { form: 'set' },
          ec2_endpoint: { form: 'text', as: 'endpoint' },
          iam_endpoint: { form: 'text' },
          iam_server_id_header_value: { form: 'text' },
          max_retries: { form: 'number', preset: -1 },
          sts_endpoint: { form: 'text' },
          sts_region: { form: 'text' },
          use_sts_region_from_client: { form: 'flag' },
        },
      },
    ],
  },
  vault_aws_auth_backend_role: {
    place: ['backend', 'role'],
    preset: { backend: 'aws', auth_type: 'iam', resolve_aws_unique_ids: true },
    objects: [
      {
        path: (a) => `auth/${text(a, 'backend')}/role/${text(a, 'role')}`,
        computed: ['role_id'],
        fields: {
          ...TOKEN_FIELDS,
          allow_instance_migration: { form: 'flag' },
          auth_type: { form: 'text' },
          bound_account_ids: { form: 'set', as: 'bound_account_id' },
          bound_iam_principal_arns: { form: 'set', as: 'bound_iam_principal_arn' },
          bound_regions: { form: 'set', as: 'bound_region' },
          disallow_reauthentication: { form: 'flag' },
          inferred_aws_region: { form: 'text' },
          inferred_entity_type: { form: 'text' },
          resolve_aws_unique_ids: { form: 'flag', preset: true },
        },
      },
    ],
  },
  vault_approle_auth_backend_role: {
    place: ['backend', 'role_name'],
    preset: { backend: 'approle' },
    objects: [
      {
        path: (a) => `auth/${text(a, 'backend')}/role/${text(a, 'role_name')}`,
        fields: {
          ...TOKEN_FIELDS,
          bind_secret_id: { form: 'flag', preset: true },
          secret_id_bound_cidrs: { form: 'set' },
          secret_id_num_uses: { form: 'number' },
          secret_id_ttl: { form: 'seconds' },
        },
      },
    ],
  },
  vault_kubernetes_auth_backend_config: {
    place: ['backend'],
    preset: { backend: 'kubernetes' },
    objects: [
      {
        path: (a) => `auth/${text(a, 'backend')}/config`,
        computed: ['token_reviewer_jwt_set'],
        fields: {
          disable_iss_validation: { form: 'flag', preset: true },
          disable_local_ca_jwt: { form: 'flag' },
          issuer: { form: 'text' },
          kubernetes_ca_cert: { form: 'text' },
          kubernetes_host: { form: 'text' },
          pem_keys: { form: 'list' },
          use_annotations_as_alias_metadata: { form: 'flag' },
        },
      },
    ],
  },
  vault_kubernetes_auth_backend_role: {
    place: ['backend', 'role_name'],
    preset: { backend: 'kubernetes' },
    objects: [
      {
        path: (a) => `auth/${text(a, 'backend')}/role/${text(a, 'role_name')}`,
        fields: {
          ...TOKEN_FIELDS,
          alias_name_source: { form: 'text', preset: 'serviceaccount_uid' },
          audience: { form: 'text' },
          bound_service_account_names: { form: 'set' },
          bound_service_account_namespace_selector: { form: 'text' },
          bound_service_account_namespaces: { form: 'set' },
        },
      },
    ],
  },
  vault_database_secret_backend_connection: {
    place: ['backend', 'name'],
    blocks: ['postgresql'],
    preset: { plugin_name: 'postgresql-database-plugin' },
    objects: [
      {
        path: (a) => `${text(a, 'backend')}/config/${text(a, 'name')}`,
        nested: 'connection_details',
        computed: ['plugin_version', 'running_plugin_version'],
        fields: {
          allowed_roles: { form: 'set' },
          plugin_name: { form: 'text' },
          root_rotation_statements: { form: 'list', as: 'root_credentials_rotate_statements' },
          verify_connection: { form: 'flag', preset: true },
          'postgresql.connection_url': { form: 'text', as: 'connection_details.connection_url' },
          'postgresql.max_open_connections': {
            form: 'number',
            as: 'connection_details.max_open_connections',
          },
          'postgresql.max_idle_connections': {
            form: 'number',
            as: 'connection_details.max_idle_connections',
          },
          'postgresql.max_connection_lifetime': {
            ...{ form: 'seconds', as: 'connection_details.max_connection_lifetime' },
          },
          'postgresql.tls_ca': { form: 'text', as: 'connection_details.tls_ca' },
          'postgresql.username': { form: 'text', as: 'connection_details.username' },
          'postgresql.username_template': { form: 'text', as: 'connection_details.username_template' },
          'postgresql.password_authentication': {
            ...{ form: 'text', as: 'connection_details.password_authentication' },
          },
          'postgresql.password_wo': { form: 'text', as: 'connection_details.password', hidden: 'secret' },
          'postgresql.password_wo_version': { form: 'number', hidden: 'terraform' },
        },
      },
    ],
  },
  vault_database_secret_backend_role: {
    place: ['backend', 'name'],
    objects: [
      {
        path: (a) => `${text(a, 'backend')}/roles/${text(a, 'name')}`,
        fields: {
          creation_statements: { form: 'list' },
          credential_type: { form: 'text', preset: 'password' },
          db_name: { form: 'text' },
          default_ttl: { form: 'seconds' },
          max_ttl: { form: 'seconds' },
          renew_statements: { form: 'list' },
          revocation_statements: { form: 'list' },
          rollback_statements: { form: 'list' },
        },
      },
    ],
  },
};
