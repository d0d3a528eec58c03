/** Where the copies of the environment's own Vault lie in the artifact bucket: below no prefix that a host may read. */
export const VAULT_SNAPSHOTS = 'vault/snapshots';
