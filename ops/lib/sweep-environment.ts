/** Sweeps one environment: looks, ends what must end, and looks again until there is nothing left to end. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Cloud } from '../../constructs/lifetime/reaper/clouds/cloud';
import type { Environment } from '../../environments/schema';
import { explain, openAccount } from './cloud';
import type { DeployStatus } from './deploy-status';
import { findLeftovers, type Leftover } from './leftovers';
import { look, type Look, type LookOptions, type SeenHost } from './look';
import { stateStore } from './state';
import { scanStack, stopTerraform } from './terraform-processes';

/** EC2 may list a host only some seconds after its launch, so quiet means that two looks this far apart found nothing. */
const SETTLE_MS = 3000;
const GONE_LIMIT_MS = 120_000;
const POLL_MS = 1000;

export interface SweptHost extends SeenHost {
  readonly terminated: boolean;
}

export interface SweptEnvironment {
  readonly name: string;
  readonly hosts: readonly SweptHost[];
  readonly deploy: DeployStatus;
  readonly lockRemoved: boolean;
  /** What a killed deploy made and did not write into the state. */
  readonly leftovers: readonly { readonly what: string; readonly removed: boolean }[];
  /** One line each. */
  readonly errors: readonly string[];
}

export interface SweepOptions {
  readonly terminate: boolean;
  /** Whether an environment that was never set up is no error as long as it has no hosts. */
  readonly mayBeAbsent: boolean;
  readonly progress: (line: string) => void;
}

/** @throws WrongAccount, or any failure to reach the account at all; later failures are in the result */
export async function sweepEnvironment(env: Environment, options: SweepOptions): Promise<SweptEnvironment> {
  const account = await openAccount(env);
  const errors = new Set<string>();
  const onError = (line: string): void => void errors.add(line);
  const store = stateStore(env, account.s3);
  const at: LookOptions = {
    env,
    account,
    store,
    scan: scanStack(env.name),
    mayBeAbsent: options.mayBeAbsent,
    onError,
  };
  const terminated = new Map<string, SweptHost>();
  const removed = new Set<Leftover>();
  const result = (
    { hosts, deploy }: Look,
    leftovers: readonly Leftover[],
    lockRemoved: boolean,
  ): SweptEnvironment => {
    const left = hosts
      .filter(({ host }) => !terminated.has(host.id))
      .map(({ host }) => ({ ...host, terminated: false }));
    return {
      name: env.name,
      hosts: [...terminated.values(), ...left],
      deploy,
      lockRemoved,
      leftovers: leftovers.map((leftover) => ({ what: leftover.what, removed: removed.has(leftover) })),
      errors: [...errors],
    };
  };
  const leftoversAt = async ({ deploy, state }: Look): Promise<Leftover[]> => {
    if (deploy.kind === 'running' || !state) return [];
    return findLeftovers(env, state.managed).catch((error: unknown) => {
      onError(`leftovers: ${explain(error, env)}`);
      return [];
    });
  };
  if (!options.terminate) {
    const seen = await look(at, undefined);
    return result(seen, await leftoversAt(seen), false);
  }

  /** Whether it went well. */
  const attempt = async (progress: string, what: string, work: () => Promise<void>): Promise<boolean> => {
    options.progress(`${env.name}: ${progress}`);
    try {
      await work();
      return true;
    } catch (error) {
      onError(`${what}: ${explain(error, env)}`);
      return false;
    }
  };

  let seen: Look;
  let killedDeploySince: Date | undefined;
  for (let quietLooks = 0; ;) {
    seen = await look(at, killedDeploySince);
    ({ killedDeploySince } = seen);
    const doomed = seen.hosts.filter(({ host }) => host.mustEnd);
    const orphaned = seen.deploy.kind === 'orphaned';
    // Terraform goes first: it could launch more.
    if (orphaned)
      await attempt(`stopping Terraform: ${seen.deploy.reason}`, 'Terraform', () => stopTerraform(at.scan));
    for (const { host, cloud } of orphaned ? [] : doomed) {
      const { id, region, reason } = host;
      if (await attempt(`terminating ${id} in ${region}: ${reason}`, id, () => terminate(cloud, id))) {
        terminated.set(id, { ...host, terminated: true });
      }
    }
    // What failed once is not tried for ever; it is an error, and the person may call again.
    if (errors.size > 0) return result(seen, [], false);
    quietLooks = doomed.length > 0 || orphaned ? 0 : quietLooks + 1;
    if (quietLooks === 2) break;
    if (quietLooks === 1) await delay(SETTLE_MS);
  }

  // Without them the next deploy would fail on a name that is taken.
  const leftovers = await leftoversAt(seen);
  for (const leftover of leftovers) {
    if (await attempt(`removing ${leftover.what}`, leftover.what, () => leftover.remove()))
      removed.add(leftover);
  }

  // The lock goes last, so that nobody deploys into what is being cleared.
  const { kind, leftLock } = seen.deploy;
  let lockRemoved = false;
  if (kind === 'stale' && leftLock) {
    await attempt('removing the stale lock', 'lock', async () => {
      lockRemoved = await store.removeLock(leftLock);
    });
  }
  return result(seen, leftovers, lockRemoved);
}

/** Ends a host and waits until the cloud lists it no more among those that cost money. */
async function terminate(cloud: Cloud, id: string): Promise<void> {
  await cloud.terminate(id);
  for (const deadline = Date.now() + GONE_LIMIT_MS; ; await delay(POLL_MS)) {
    if (!(await cloud.hosts()).some((host) => host.id === id)) return;
    if (Date.now() > deadline)
      throw new Error(`still running ${GONE_LIMIT_MS / 1000} s after it was told to end`);
  }
}
