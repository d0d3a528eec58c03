/** What `sweep` thinks of a host: the reaper's rule, and what only a person's machine can know about a killed deploy. */
import {
  classify,
  mustEnd,
  type Facts,
  type Judgement,
  type Verdict,
} from '../../constructs/lifetime/reaper/classify';
import type { Host } from '../../constructs/lifetime/reaper/clouds/cloud';
import type { DeployStatus } from './deploy-status';

export type SweepVerdict = Verdict | 'unfinished';

export interface SweepFacts extends Facts {
  readonly deploy: DeployStatus;
  /** When the deploy that was killed began. Undefined: none was. */
  readonly killedDeploySince: Date | undefined;
  /** Hosts that a schedule in the state will terminate. Undefined: the state could not be read. */
  readonly guardedIds: ReadonlySet<string> | undefined;
}

/**
 * `classify`, and besides: a host is `unfinished` when a deploy that was killed may have launched it, or when it is in
 * the state without its guard and nobody is about to add that.
 *
 * A host much older than the killed deploy is not that deploy's: it may be measuring, and a killed `deploy` that would
 * have changed nothing must not cost a run.
 */
export function judge(host: Host, facts: SweepFacts): Judgement<SweepVerdict> {
  const judgement = classify(host, facts);
  if (mustEnd(judgement)) return judgement;

  const { deploy, killedDeploySince, guardedIds, stateIds, graceMinutes } = facts;
  const since = killedDeploySince && killedDeploySince.getTime() - graceMinutes * 60_000;
  if (since !== undefined && host.launchedAt && host.launchedAt.getTime() >= since) {
    return { verdict: 'unfinished', reason: 'the deploy that launched it was killed' };
  }
  const unguarded = stateIds?.has(host.id) && !guardedIds?.has(host.id);
  if (!unguarded) return judgement;
  return deploy.kind === 'running'
    ? { verdict: 'deploying', reason: deploy.reason }
    : { verdict: 'unfinished', reason: 'in the state without its lifetime guard' };
}

export const sweepMustEnd = (judgement: Judgement<SweepVerdict>): boolean =>
  judgement.verdict === 'unfinished' || mustEnd(judgement);
