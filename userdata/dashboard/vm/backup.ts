/** One backup: a copy of the database in the artifact bucket, fetched back and restored before it counts. */
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { VmConfig } from '../config';
import { dashboardCli } from './dashboard-cli';

/** In the data directory: when the last good backup was made. */
export const LAST_BACKUP = 'last-backup.json';

export interface LastBackup {
  /** RFC 3339. */
  readonly at: string;
  readonly key: string;
}

/** The copy, and beside it what was found in it. */
const ENDINGS = ['', '.json'];
const SCRATCH = 'backup-';

/**
 * @param program the dashboard's `dashboard.mjs`
 * @throws Error when it cannot be made, is not what was sent, or cannot be restored
 */
export async function backUp(
  config: Pick<VmConfig, 'artifactBucket' | 'backups' | 'dataDir'>,
  program: string,
  s3: S3Client,
  now: Date,
): Promise<LastBackup> {
  // What a backup that was cut off has left.
  for (const name of await readdir(config.dataDir))
    if (name.startsWith(SCRATCH)) await rm(join(config.dataDir, name), { recursive: true });
  // Beside the database, for the root disk may be smaller than that.
  const scratch = await mkdtemp(join(config.dataDir, SCRATCH));
  try {
    const copy = join(scratch, 'copy');
    await dashboardCli(program, ['backup', copy]);
    const at = now.toISOString();
    const key = `${config.backups}/${at.replaceAll(/[:.]/g, '-')}-${await sha256Of(copy)}`;
    const { artifactBucket: Bucket } = config;
    for (const ending of ENDINGS) {
      const Body = createReadStream(copy + ending);
      const params = { Bucket, Key: key + ending, Body, ChecksumAlgorithm: 'SHA256' } as const;
      await new Upload({ client: s3, params }).done();
    }
    const fetched = join(scratch, 'fetched');
    for (const ending of ENDINGS) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: key + ending }));
      await pipeline(Body as Readable, createWriteStream(fetched + ending));
      const [sent, came] = [await sha256Of(copy + ending), await sha256Of(fetched + ending)];
      if (came !== sent) throw new Error(`${key}${ending}: SHA-256 ${came} came back; allowed: ${sent}`);
      await rm(copy + ending);
    }
    const restored = join(scratch, 'restored');
    await mkdir(restored);
    await dashboardCli(program, ['restore', fetched], { HE300_DATA_DIR: restored });
    return await note(config.dataDir, { at, key });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function note(dataDir: string, last: LastBackup): Promise<LastBackup> {
  const path = join(dataDir, LAST_BACKUP);
  await writeFile(`${path}.part`, JSON.stringify(last));
  await rename(`${path}.part`, path);
  return last;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
