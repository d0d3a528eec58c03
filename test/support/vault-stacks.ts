/** `prod` with everything that a Vault stack can have, as its stack says it. Nothing of it is asked over the network but GitHub's keys. */
import { rootCertificates } from 'node:tls';
import { loadEnvironment } from '../../environments';
import type { Environment, VaultSecrets } from '../../environments/schema';
import type { VaultStackJson } from '../../ops/lib/vault/stack-resources';
import { vaultStackOf } from './stacks';

const prod = loadEnvironment('prod');
if (prod.secrets.kind !== 'vault') throw new Error('prod has no Vault');

// Vault takes none that it cannot read.
const [AUTHORITY] = rootCertificates;

const secrets: VaultSecrets = {
  ...prod.secrets,
  lambdaCidrs: ['203.0.113.0/24', '198.51.100.7/32'],
  kubernetes: {
    ...{ host: 'https://kubernetes.example.org:6443', audience: 'vault' },
    ...{ serviceAccount: 'dashboard', namespace: 'he300' },
  },
  database: {
    ...{ host: 'db.example.org', port: 5432, name: 'he300', tls: 'verify-full' },
    ...{ adminUsername: 'vault_admin', ownerRole: 'he300_owner' },
    caCertificates: AUTHORITY!,
  },
};

export const FULL: Environment & { readonly secrets: VaultSecrets } = {
  ...prod,
  lambdaCloud: { apiKeyParameter: '/he300/prod/lambda-cloud' },
  secrets,
};

/** `FULL`, at another address and with its state in a file. */
export const fullAt = (address: string): typeof FULL => ({
  ...FULL,
  state: 'local',
  secrets: { ...secrets, address },
});

/** @param issuerUrl where Vault reads the keys that GitHub's tokens are signed with: when the method is written it asks */
export function stackWithIssuer(environment: Environment, issuerUrl: string): VaultStackJson {
  const { json } = vaultStackOf(environment);
  const methods = Object.entries(json.resource?.['vault_jwt_auth_backend'] ?? {});
  const led = methods.map(([id, attributes]) => [id, { ...attributes, oidc_discovery_url: issuerUrl }]);
  return {
    ...json,
    resource: {
      ...json.resource,
      ...(methods.length === 0 ? {} : { vault_jwt_auth_backend: Object.fromEntries(led) }),
    },
  };
}
