import type { Environment, VaultSecrets } from '../../../environments/schema';

/** What a policy is made from. */
export interface PolicyScope {
  readonly environment: Environment;
  /** Of the environment. */
  readonly secrets: VaultSecrets;
}
