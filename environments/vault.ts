/** What Vault's stack, its hosts and its tools must agree on, computed from the environment. */
import type { Environment, VaultSecrets, VaultServer } from './schema';

/** Value of `X-Vault-AWS-IAM-Server-ID`: a login that was signed for one server is good for no other. */
export const vaultServerId = ({ address }: VaultSecrets): string => new URL(address).hostname;

/** Audience that a workflow asks GitHub's token for. */
export const vaultAudience = ({ address }: VaultSecrets): string => address;

/** The Vault of one's own; undefined where there is none, or none of ours. */
export const vaultServerOf = ({ secrets }: Pick<Environment, 'secrets'>): VaultServer | undefined =>
  secrets.kind === 'vault' ? secrets.server : undefined;
