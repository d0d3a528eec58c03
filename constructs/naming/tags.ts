/** Tags that say whose a resource is and what may happen to it. `sweep` and the reaper go by these, not by names. */
import type { Environment } from '../../environments/schema';
import { namesOf, type NamedEnvironment } from './names';

export const TAG = {
  /** `<namespace>-<environment>`. The owner tag: whatever carries it is ours to terminate. */
  environment: 'he300:environment',
  /** Who answers for the bill. */
  owner: 'he300:owner',
  /** What the resource is for; every host of a run carries `gpu-host`, the runner's own included. */
  role: 'he300:role',
  /** Minutes from launch after which the host must be gone. */
  timeLimitMinutes: 'he300:time-limit-minutes',
  /** Which candidate the host was launched from, as `candidateKey` writes it. */
  candidate: 'he300:candidate',
  /** Id of the run that this host continues, on a host that was told to. */
  resumes: 'he300:resumes',
  /** Root disk in GB, so that `sweep` can price a host it knows nothing else about. */
  diskGb: 'he300:disk-gb',
} as const;

export const GPU_HOST_ROLE = 'gpu-host';
/** Of the dashboard's own machine, which neither sweep nor reaper may end. */
export const DASHBOARD_ROLE = 'dashboard';
/** Of the environment's own Vault, likewise. */
export const VAULT_SERVER_ROLE = 'vault-server';

/** Tags of every resource of an environment; the provider sets them as its default tags. */
export function ownerTags(
  env: NamedEnvironment & Pick<Environment, 'owner' | 'tags'>,
): Record<string, string> {
  return { ...env.tags, [TAG.environment]: namesOf(env).prefix, [TAG.owner]: env.owner };
}
