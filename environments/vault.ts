/** What Vault's stack, its hosts and its tools must agree on, computed from the environment. */
import type { VaultSecrets } from './schema';

/** Value of `X-Vault-AWS-IAM-Server-ID`: a login that was signed for one server is good for no other. */
export const vaultServerId = ({ address }: VaultSecrets): string => new URL(address).hostname;

/** Audience that a workflow asks GitHub's token for. */
export const vaultAudience = ({ address }: VaultSecrets): string => address;
