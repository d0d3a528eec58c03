/** Tags by which `sweep` and the reaper know a host of Lambda Cloud; the launch adds its time. */
import { GPU_HOST_ROLE, ownerTags, TAG } from '../../../constructs/naming/tags';
import type { Environment } from '../../../environments/schema';

export const hostTags = (env: Environment): Record<string, string> => ({
  ...ownerTags(env),
  [TAG.role]: GPU_HOST_ROLE,
  [TAG.timeLimitMinutes]: String(env.run.timeLimitMinutes),
});
