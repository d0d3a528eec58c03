import type { Environment } from '../../environments/schema';
import { CliError } from './cli';
import { openAccount } from './cloud';
import { deployStatus } from './deploy-status';
import { stateStore } from './state';
import { scanStack } from './terraform-processes';

/**
 * Removes the lock that a killed deploy of this machine left; whose lock that was, or undefined when there is none.
 * @throws CliError when the lock is held by somebody who may still be at work
 */
export async function unlock(env: Environment): Promise<string | undefined> {
  const { s3, now } = await openAccount(env);
  const store = stateStore(env, s3);
  const lock = await store.readLock();
  if (!lock) return undefined;
  const { kind, reason } = deployStatus(lock, scanStack(env.name)(), now());
  if (kind === 'orphaned') throw new CliError(`not unlocked: ${reason}; stop it with --terminate`);
  if (kind !== 'stale')
    throw new CliError(`not unlocked: ${reason}; if that is over, run: terraform force-unlock ${lock.id}`);
  await store.removeLock(lock);
  return lock.who;
}
