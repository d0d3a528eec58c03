/** `dev` with its secrets in a Vault of its own. */
import { loadEnvironment } from '../../environments';
import type { Environment, VaultSecrets, VaultServer } from '../../environments/schema';
import type { VaultServerProps } from '../../userdata/vault-server/config';

/** Small, and not protected, so that a test can destroy it. */
export const VAULT_SERVER: VaultServer = {
  allow: ['0.0.0.0/0'],
  protected: false,
  zone: 'c',
  instanceType: 't3.small',
  image: {
    kind: 'ssm',
    parameter: '/he300/dev/vault-server-image',
    source: '/aws/service/debian/release/12/latest/amd64',
  },
  dataGb: 12,
  snapshotEveryHours: 6,
  snapshotDays: 30,
};

export const OWN_VAULT: VaultSecrets & { readonly server: VaultServer } = {
  kind: 'vault',
  address: 'https://vault.example.org',
  mount: 'he300-dev',
  shared: 'create',
  server: VAULT_SERVER,
};

export const devWithVaultServer = (changes: Partial<VaultServer> = {}): Environment => ({
  ...loadEnvironment('dev'),
  secrets: { ...OWN_VAULT, server: { ...VAULT_SERVER, ...changes } },
});

/** What the VM of the one above is told. */
export const ownVaultProps: VaultServerProps = {
  environment: devWithVaultServer(),
  secrets: OWN_VAULT,
  server: VAULT_SERVER,
  program: { key: `bundles/${'da'.repeat(32)}.mjs`, sha256: 'da'.repeat(32) },
};
