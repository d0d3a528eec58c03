/**
 * What the peers of an end know of its key. They take the next one beside the one so far before the end speaks under it, and
 * until it surely does: whoever lives longer than a run asks for them again and again.
 */
import { VAULT_PATHS } from '../../../../benchmark/src/contract/vault';
import type { Context, Rotation, Secrets } from '../kind';

export const WIREGUARD_DAYS = 90;

/** A job that took the tunnel up under the key before has ended by then. */
export const OVERLAP_HOURS = 24;

/** @param publicKeys the one that holds, and while the end changes it the next one second */
export async function tellPeers(secrets: Secrets, end: string, publicKeys: readonly string[]): Promise<void> {
  const path = VAULT_PATHS.tunnelPeer(end);
  await secrets.write(path, { public_keys: publicKeys.join(' ') }, await secrets.read(path));
}

/** Returns when every peer that asks has seen what it was told in the step before. */
export async function peersHaveAsked(what: string, { stepAt }: Rotation, context: Context): Promise<void> {
  const ms = stepAt.getTime() + context.settleSeconds * 1000 - context.now().getTime();
  if (ms <= 0) return;
  context.progress(`${what}: its peers get ${Math.ceil(ms / 1000)} s to ask for it`);
  await context.wait(ms);
}
