/** One look at an environment: its hosts, what to think of each, and whether somebody is deploying. */
import { costSoFarUsd } from '../../constructs/gpu-host/prices';
import { GRACE_MINUTES, type Judgement } from '../../constructs/lifetime/reaper/classify';
import type { Cloud, Host } from '../../constructs/lifetime/reaper/clouds/cloud';
import { hasEnded, type DeployState } from '../../constructs/lifetime/reaper/facts';
import { namesOf } from '../../constructs/naming/names';
import type { Environment } from '../../environments/schema';
import { explain, type Account } from './cloud';
import { deployStatus, type DeployStatus } from './deploy-status';
import type { StateStore } from './state';
import type { Scan } from './terraform-processes';
import { judge, sweepMustEnd, type SweepVerdict } from './verdict';

export interface SeenHost extends Host, Judgement<SweepVerdict> {
  readonly mustEnd: boolean;
  readonly ageMinutes: number | undefined;
  /** Upper bound so far, in US dollars; undefined when the price or the age is unknown. */
  readonly costUsd: number | undefined;
}

export interface Look {
  readonly hosts: readonly { readonly host: SeenHost; readonly cloud: Cloud }[];
  readonly deploy: DeployStatus;
  /** Undefined when it cannot be read. */
  readonly state: DeployState | undefined;
  /** When the deploy that was killed began, as far as is known by now. */
  readonly killedDeploySince: Date | undefined;
}

export interface LookOptions {
  readonly env: Environment;
  readonly account: Account;
  readonly store: StateStore;
  readonly scan: Scan;
  /** Whether a missing state bucket is no error as long as there are no hosts. */
  readonly mayBeAbsent: boolean;
  /** Takes each failure, one line. What does not depend on it goes on. */
  readonly onError: (line: string) => void;
}

/**
 * Hosts first, then processes and lock, then state: a deploy that ends meanwhile has written its host by then.
 * @param killedBefore what an earlier look knew of a killed deploy, which gives its lock back when it is stopped properly
 */
export async function look(options: LookOptions, killedBefore: Date | undefined): Promise<Look> {
  const { env, account, scan, onError } = options;
  const lists = await Promise.all(
    account.clouds.map(async (cloud) => {
      const hosts = await cloud.hosts().catch((error: unknown) => {
        onError(`${cloud.name}: ${explain(error, env)}`);
        return [];
      });
      return hosts.map((host) => ({ host, cloud }));
    }),
  );
  const found = lists.flat();
  const processes = scan();
  const state = await readState(options, found.length > 0);
  const now = account.now();
  const deploy = deployStatus(state?.lock, processes, now);
  const killedDeploySince = killedBefore ?? deploy.leftLock?.created;

  const { artifactBucket } = namesOf(env);
  const see = async (host: Host): Promise<SeenHost> => {
    const ended = await hasEnded(account.s3, artifactBucket, env.name, host.id).catch((error: unknown) => {
      onError(`end marker of ${host.id}: ${explain(error, env)}`);
      return false;
    });
    const { hostIds: stateIds, guardedIds, lock } = state ?? {};
    const judgement = judge(host, {
      now,
      stateIds,
      guardedIds,
      lock,
      ended,
      graceMinutes: GRACE_MINUTES,
      deploy,
      killedDeploySince,
    });
    const ageMinutes = host.launchedAt && (now.getTime() - host.launchedAt.getTime()) / 60_000;
    return {
      ...host,
      ...judgement,
      mustEnd: sweepMustEnd(judgement),
      ageMinutes,
      costUsd: costUsd(host, ageMinutes, env),
    };
  };
  const hosts = await Promise.all(found.map(async ({ host, cloud }) => ({ host: await see(host), cloud })));
  return { hosts, deploy, state, killedDeploySince };
}

async function readState(
  { env, store, mayBeAbsent, onError }: LookOptions,
  hasHosts: boolean,
): Promise<DeployState | undefined> {
  try {
    return await store.read();
  } catch (error) {
    const absent = (error as Error).name === 'NoSuchBucket' && !hasHosts;
    if (!(absent && mayBeAbsent)) onError(explain(error, env));
    return undefined;
  }
}

function costUsd(host: Host, ageMinutes: number | undefined, env: Environment): number | undefined {
  if (ageMinutes === undefined) return undefined;
  const hours = Math.max(0, ageMinutes) / 60;
  if (host.usdPerHour !== undefined) return host.usdPerHour * hours;
  return costSoFarUsd(host.instanceType, hours, host.diskGb ?? env.gpu.diskGb);
}
