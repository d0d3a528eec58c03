import type { Attributes, Rule, SynthesizedStack } from '../rule';

/** Resources that Vault answers with a secret, or that take one as an argument without a name to know it by. */
const SECRET_RESOURCES: ReadonlySet<string> = new Set([
  'vault_approle_auth_backend_login',
  'vault_approle_auth_backend_role_secret_id',
  'vault_aws_auth_backend_login',
  'vault_generic_endpoint',
  'vault_generic_secret',
  'vault_identity_mfa_totp',
  'vault_identity_oidc_client',
  'vault_kv_secret',
  'vault_pki_secret_backend_acme_eab',
  'vault_pki_secret_backend_cert',
  'vault_pki_secret_backend_intermediate_cert_request',
  'vault_terraform_cloud_secret_creds',
  'vault_token',
]);

/** Data sources that show what there is and not what is in it; whatever is not listed is held to read a secret. */
const HARMLESS_DATA: ReadonlySet<string> = new Set([
  'vault_approle_auth_backend_role_id',
  'vault_auth_backend',
  'vault_auth_backends',
  'vault_kubernetes_auth_backend_config',
  'vault_kubernetes_auth_backend_role',
  'vault_kv_secret_subkeys_v2',
  'vault_kv_secrets_list',
  'vault_kv_secrets_list_v2',
  'vault_namespace',
  'vault_namespaces',
  'vault_policy_document',
]);

/** Arguments that are a secret, by the end of their names. Those that are written and not kept end in `_wo`. */
const SECRET_ARGUMENT =
  /(^|_)(password|bindpass|secret|secret_key|secret_access_key|session_token|access_token|api_token|token|jwt|credentials|service_account_json|private_key|client_key|tls_key|certificate_key|account_key|pem_bundle|pem_json|data_json)$/;

/** A password in a URL that is not Vault's own placeholder for it. */
const URL_PASSWORD = /:\/\/[^/@:]*:(?!\{\{password\}\}@)[^/@]+@|password=(?!\{\{password\}\})/i;

const VARIABLE = /\bvar\.([\w-]+)/g;

export const noSecretInVaultState: Rule = {
  id: 'no-secret-in-vault-state',
  cause: 'what Terraform is told and what Vault answers stands in the clear in its state',
  remedy:
    'use the write-only argument (`…_wo`) fed by an ephemeral variable, or let `npm run rotate` write the value',
  check(resource, stack) {
    const { type, attributes } = resource;
    if (!type.startsWith('vault_')) return undefined;
    if (SECRET_RESOURCES.has(type)) return 'what it makes stands in the state';
    return argumentsOf(attributes, '')
      .map(([at, value]) => argumentFinding(at, value, stack))
      .find(Boolean);
  },
  checkRest({ rest }) {
    const data = (rest.data ?? {}) as Readonly<Record<string, Attributes>>;
    const reading = Object.entries(data).filter(
      ([type]) => type.startsWith('vault_') && !HARMLESS_DATA.has(type),
    );
    return reading.flatMap(([type, named]) =>
      Object.keys(named).map((name) => ({
        at: `data.${type}.${name}`,
        finding: `what data.${type}.${name} reads stands in the state`,
      })),
    );
  },
};

function argumentFinding(at: string, value: unknown, { rest }: SynthesizedStack): string | undefined {
  const name = at.split('.').findLast((part) => !/^\d+$/.test(part)) ?? '';
  if (typeof value !== 'string' || value === '') return undefined;
  if (SECRET_ARGUMENT.test(name)) return `${at} stands in the state`;
  if (name.endsWith('_url') && URL_PASSWORD.test(value)) return `${at} holds a password`;
  if (!name.endsWith('_wo')) return undefined;
  const variables = (rest.variable ?? {}) as Readonly<Record<string, Attributes>>;
  const kept = [...value.matchAll(VARIABLE)].find(([, variable]) => variables[variable!]?.ephemeral !== true);
  return kept ? `${at} is fed by ${kept[0]}, which is not ephemeral: it stands in the plan` : undefined;
}

function argumentsOf(value: unknown, at: string): (readonly [at: string, value: unknown])[] {
  if (value === null || typeof value !== 'object') return [[at, value]];
  return Object.entries(value).flatMap(([key, inner]) => argumentsOf(inner, at ? `${at}.${key}` : key));
}
