/** Whether somebody is deploying an environment, or was until something killed the deploy. */
import { hostname, userInfo } from 'node:os';
import type { Lock } from '../../constructs/lifetime/reaper/terraform-state';
import type { TerraformProcess } from './terraform-processes';

/**
 * - `none`: nobody is.
 * - `running`: somebody is, here or elsewhere.
 * - `orphaned`: cdktf is gone, and the Terraform it started, or a provider of that, is not.
 * - `stale`: whoever took the lock was on this machine and is gone.
 */
export interface DeployStatus {
  readonly kind: 'none' | 'running' | 'orphaned' | 'stale';
  /** The lock that a killed deploy of ours left; never anybody else's. */
  readonly leftLock?: Lock;
  /** One line for people; empty for `none`. */
  readonly reason: string;
}

/** Without /proc a lock of ours is called stale only when no apply could take so long. */
const STALE_AFTER_MINUTES = 30;

export function deployStatus(
  lock: Lock | undefined,
  processes: readonly TerraformProcess[] | undefined,
  now: Date,
  me: string = whoAmI(),
): DeployStatus {
  const working = processes?.find(({ kind, orphaned }) => kind === 'terraform' && !orphaned);
  if (working) return { kind: 'running', reason: `Terraform is at work here (process ${working.pid})` };
  const leftLock = lock?.who === me ? { leftLock: lock } : {};
  const [left] = processes ?? [];
  if (left) {
    const reason = `the deploy was killed, but its ${left.kind} process ${left.pid} is still there`;
    return { kind: 'orphaned', reason, ...leftLock };
  }

  if (!lock) return { kind: 'none', reason: '' };
  const held = `${lock.who} holds the lock since ${lock.created.toISOString()}`;
  const ageMinutes = (now.getTime() - lock.created.getTime()) / 60_000;
  if (lock.who !== me || (!processes && ageMinutes < STALE_AFTER_MINUTES))
    return { kind: 'running', reason: held };
  return { kind: 'stale', reason: `${held}, but no Terraform of this checkout is at work`, ...leftLock };
}

/** As Terraform writes it into its lock. */
export function whoAmI(): string {
  return `${userName()}@${hostname()}`;
}

/** A container's user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? '';
  }
}
