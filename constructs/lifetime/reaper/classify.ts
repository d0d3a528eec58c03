/** Whether a host may go on running: the one rule that the reaper and `sweep` share. */
import type { Host } from './clouds/cloud';
import type { Lock } from './terraform-state';

/** Terraform writes a new host into the state a little after its launch; so long, a held lock excuses its absence. */
export const GRACE_MINUTES = 10;

export type Verdict = 'live' | 'deploying' | 'expired' | 'ended' | 'orphan' | 'unlimited';

export interface Judgement<V extends string = Verdict> {
  readonly verdict: V;
  /** One line for people. */
  readonly reason: string;
}

export interface Facts {
  /** The cloud's clock. */
  readonly now: Date;
  /** Ids of the hosts in the Terraform state. Undefined: it could not be read, and then nothing is called an orphan. */
  readonly stateIds: ReadonlySet<string> | undefined;
  /** Lock on that state, if one is held. */
  readonly lock: Lock | undefined;
  /** Whether the host's run left its end marker. */
  readonly ended: boolean;
  readonly graceMinutes: number;
}

const MUST_END: ReadonlySet<string> = new Set<Verdict>(['expired', 'ended', 'orphan', 'unlimited']);

export const mustEnd = ({ verdict }: Judgement<string>): boolean => MUST_END.has(verdict);

/**
 * The first row that holds:
 *
 * | the host                                                               | verdict     | is ended |
 * |------------------------------------------------------------------------|-------------|----------|
 * | its run left the end marker                                            | `ended`     | yes      |
 * | launch time unknown, or further in the future than the grace           | `unlimited` | yes      |
 * | limit unknown, age at least the grace                                  | `unlimited` | yes      |
 * | age at least the limit                                                 | `expired`   | yes      |
 * | state unreadable, or a host of a cloud that the state says nothing of  | `live`      | no       |
 * | in the state                                                           | `live`      | no       |
 * | not in the state, lock held, age below the grace                       | `deploying` | no       |
 * | not in the state otherwise                                             | `orphan`    | yes      |
 *
 * Clocks differ a little, so a launch in the future by less than the grace counts as just now. One further ahead cannot
 * be a launch time, and believing it would extend the limit without bound.
 */
export function classify(
  host: Pick<Host, 'cloud' | 'id' | 'launchedAt' | 'timeLimitMinutes'>,
  { now, stateIds, lock, ended, graceMinutes }: Facts,
): Judgement {
  if (ended) return { verdict: 'ended', reason: 'its run has ended' };

  const { launchedAt, timeLimitMinutes: limit } = host;
  const age = launchedAt ? (now.getTime() - launchedAt.getTime()) / 60_000 : NaN;
  if (Number.isNaN(age))
    return { verdict: 'unlimited', reason: 'no readable launch time, so no limit can hold' };
  if (age < -graceMinutes)
    return { verdict: 'unlimited', reason: `launch time is ${minutes(-age)} in the future` };

  if (limit === undefined && age >= graceMinutes)
    return { verdict: 'unlimited', reason: 'no readable time limit' };
  if (limit !== undefined && age >= limit)
    return { verdict: 'expired', reason: `past its limit of ${minutes(limit)}` };

  if (!stateIds) return { verdict: 'live', reason: 'the Terraform state could not be read' };
  // Terraform launches Lambda hosts through a provisioner, whose state does not hold their ids.
  if (host.cloud !== 'aws') return { verdict: 'live', reason: 'within its limit' };
  if (stateIds.has(host.id)) return { verdict: 'live', reason: 'in the state and within its limit' };
  if (lock && age < graceMinutes) return { verdict: 'deploying', reason: `${lock.who} is applying` };
  return {
    verdict: 'orphan',
    reason: lock
      ? `not in the state ${minutes(age)} after its launch`
      : 'not in the state, and nobody is applying',
  };
}

const minutes = (value: number): string => `${Math.floor(value)} min`;
