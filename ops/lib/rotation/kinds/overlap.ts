/** How long what was read before a rotation must stay good. */
import type { Environment } from '../../../../environments/schema';

/** Until somebody goes on with a rotation that was killed: `--due` runs at least once a day. */
export const RESUME_HOURS = 24;

/**
 * A host reads its secrets once, when its run begins, and may do so until the last moment before the new one is in Vault:
 * its run, and the hour that ending may take, fit in.
 */
export const overlapHours = ({ run }: Pick<Environment, 'run'>): number =>
  RESUME_HOURS + Math.ceil(run.timeLimitMinutes / 60) + 1;
