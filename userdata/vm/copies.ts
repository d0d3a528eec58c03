/** Copies of data in the artifact bucket: fetched back and compared before they count, and the last one that did. */
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { rounded } from './telling';

export interface LastCopy {
  /** RFC 3339. */
  readonly at: string;
  readonly key: string;
}

const SCRATCH = 'backup-';
const HOUR_MS = 3_600_000;

/**
 * Runs with a directory of its own beside the data, for the root disk may be smaller than those, and removes it; and first
 * what a run that was cut off has left.
 */
export async function withScratch<T>(directory: string, body: (scratch: string) => Promise<T>): Promise<T> {
  for (const name of await readdir(directory))
    if (name.startsWith(SCRATCH)) await rm(join(directory, name), { recursive: true });
  const scratch = await mkdtemp(join(directory, SCRATCH));
  try {
    return await body(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Names by time and content are never used twice. */
export const copyName = (now: Date, sha256: string): string =>
  `${now.toISOString().replaceAll(/[:.]/g, '-')}-${sha256}`;

/**
 * Sends a file, and fetches it back into another.
 * @throws Error when the bucket does not take it, or gives back something else
 */
export async function sendAndFetch(
  s3: S3Client,
  { bucket: Bucket, key: Key }: { readonly bucket: string; readonly key: string },
  file: string,
  fetched: string,
): Promise<void> {
  const params = { Bucket, Key, Body: createReadStream(file), ChecksumAlgorithm: 'SHA256' } as const;
  await new Upload({ client: s3, params }).done();
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  await pipeline(Body as Readable, createWriteStream(fetched, { mode: 0o600 }));
  const [sent, came] = [await sha256Of(file), await sha256Of(fetched)];
  if (came !== sent) throw new Error(`${Key}: SHA-256 ${came} came back; allowed: ${sent}`);
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** @param path where it is noted */
export async function noteCopy(path: string, last: LastCopy): Promise<LastCopy> {
  await writeFile(`${path}.part`, JSON.stringify(last));
  await rename(`${path}.part`, path);
  return last;
}

/** Hours since the last good copy; since the boot where there has been none. */
export async function copyAgeHours(path: string, now: Date): Promise<number> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const since = text === undefined ? uptime() * 1000 : +now - Date.parse((JSON.parse(text) as LastCopy).at);
  return rounded(since / HOUR_MS);
}
