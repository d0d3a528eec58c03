/** How Vault is, once a minute. */
import { join } from 'node:path';
import { copyAgeHours } from '../../vm/copies';
import { diskUsedPercent } from '../../vm/telling';
import type { VaultVmConfig } from '../config';
import { LAST_SNAPSHOT } from './snapshot';

/** Figures as CloudWatch keeps them. */
export type Health = {
  /** Whether it is set up, open, and answers. */
  readonly Healthy: 0 | 1;
  /** Of the fuller one of both disks. */
  readonly DiskUsedPercent: number;
  /** Since the last good snapshot; since the boot where there has been none. */
  readonly SnapshotAgeHours: number;
};

const ANSWER_LIMIT_MS = 10_000;

export async function lookAtVault(
  { address, directory }: Pick<VaultVmConfig, 'address' | 'directory'>,
  now: Date,
): Promise<Health> {
  // HTTP 200 is for a server that is set up, open and the leader: https://developer.hashicorp.com/vault/api-docs/system/health
  const answer = await fetch(`${address}/v1/sys/health`, {
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
  }).catch(() => undefined);
  return {
    Healthy: answer?.status === 200 ? 1 : 0,
    DiskUsedPercent: await diskUsedPercent(['/', directory]),
    SnapshotAgeHours: await copyAgeHours(join(directory, LAST_SNAPSHOT), now),
  };
}
