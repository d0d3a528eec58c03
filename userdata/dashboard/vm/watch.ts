/** How the dashboard is, once a minute. */
import { join } from 'node:path';
import { copyAgeHours } from '../../vm/copies';
import { diskUsedPercent } from '../../vm/telling';
import type { VmConfig } from '../config';
import { LAST_BACKUP } from './backup';

/** Figures as CloudWatch keeps them. */
export type Health = {
  readonly Healthy: 0 | 1;
  /** Of the fuller one of both disks. */
  readonly DiskUsedPercent: number;
  /** Since the last good backup; since the boot where there has been none. */
  readonly BackupAgeHours: number;
};

const READY_LIMIT_MS = 10_000;

export async function lookAtHealth(
  { port, dataDir }: Pick<VmConfig, 'port' | 'dataDir'>,
  now: Date,
): Promise<Health> {
  const ready = await fetch(`http://127.0.0.1:${port}/readyz`, {
    signal: AbortSignal.timeout(READY_LIMIT_MS),
  }).catch(() => undefined);
  return {
    Healthy: ready?.ok ? 1 : 0,
    DiskUsedPercent: await diskUsedPercent(['/', dataDir]),
    BackupAgeHours: await copyAgeHours(join(dataDir, LAST_BACKUP), now),
  };
}
