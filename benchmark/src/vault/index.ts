export { awsLogin, callerQuestion } from './aws-login';
export { VaultClient, VaultError } from './client';
export type { VaultAnswer, VaultAuth, VaultClientOptions, VaultProblem, VaultRequest } from './client';
export { isAbsent, readKv, writeKv, type KvSecret } from './kv';
