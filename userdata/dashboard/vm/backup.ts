/** One backup: a copy of the database in the artifact bucket, fetched back and restored before it counts. */
import type { S3Client } from '@aws-sdk/client-s3';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copyName, noteCopy, sendAndFetch, sha256Of, withScratch, type LastCopy } from '../../vm/copies';
import type { VmConfig } from '../config';
import { dashboardCli } from './dashboard-cli';

/** In the data directory: when the last good backup was made. */
export const LAST_BACKUP = 'last-backup.json';

/** The copy, and beside it what was found in it. */
const ENDINGS = ['', '.json'];

/**
 * @param program the dashboard's `dashboard.mjs`
 * @throws Error when it cannot be made, is not what was sent, or cannot be restored
 */
export async function backUp(
  { artifactBucket: bucket, backups, dataDir }: Pick<VmConfig, 'artifactBucket' | 'backups' | 'dataDir'>,
  program: string,
  s3: S3Client,
  now: Date,
): Promise<LastCopy> {
  return withScratch(dataDir, async (scratch) => {
    const [copy, fetched, restored] = ['copy', 'fetched', 'restored'].map((name) => join(scratch, name)) as [
      string,
      string,
      string,
    ];
    await dashboardCli(program, ['backup', copy]);
    const key = `${backups}/${copyName(now, await sha256Of(copy))}`;
    for (const ending of ENDINGS) {
      await sendAndFetch(s3, { bucket, key: key + ending }, copy + ending, fetched + ending);
      await rm(copy + ending);
    }
    await mkdir(restored);
    await dashboardCli(program, ['restore', fetched], { HE300_DATA_DIR: restored });
    return noteCopy(join(dataDir, LAST_BACKUP), { at: now.toISOString(), key });
  });
}
