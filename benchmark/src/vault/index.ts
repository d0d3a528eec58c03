export { VaultClient, VaultError } from './client';
export type { VaultAnswer, VaultAuth, VaultClientOptions, VaultProblem, VaultRequest } from './client';
export { readKv, writeKv, type KvSecret } from './kv';
