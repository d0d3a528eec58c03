/**
 * One snapshot: what Vault holds, sealed as on its own disk, in the artifact bucket; fetched back and read before it counts.
 * It is not restored to try it: a second Vault with the same leases would end them in the real database.
 */
import { VaultClient, VaultError } from '@he300/benchmark/vault';
import type { S3Client } from '@aws-sdk/client-s3';
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { promisify } from 'node:util';
import { copyName, noteCopy, sendAndFetch, sha256Of, withScratch, type LastCopy } from '../../vm/copies';
import type { VaultVmConfig } from '../config';
import { logIn } from './login';

/** In our directory: when the last good snapshot was made. */
export const LAST_SNAPSHOT = 'last-snapshot.json';

const SNAPSHOT = 'sys/storage/raft/snapshot';
const TIME_LIMIT_MS = 15 * 60_000;

/** @throws Error when it cannot be made, is not what was sent, or cannot be read */
export async function takeSnapshot(config: VaultVmConfig, s3: S3Client, now: Date): Promise<LastCopy> {
  const { address, artifactBucket: bucket, snapshots, directory } = config;
  const vault = new VaultClient({ address });
  const token = await logIn(vault, config, await s3.config.credentials());
  try {
    return await withScratch(directory, async (scratch) => {
      const [snapshot, fetched] = [join(scratch, 'snapshot'), join(scratch, 'fetched')];
      await save(address, token, snapshot);
      const key = `${snapshots}/${copyName(now, await sha256Of(snapshot))}.snap`;
      await sendAndFetch(s3, { bucket, key }, snapshot, fetched);
      await inspectSnapshot(config.vault, fetched);
      return noteCopy(join(directory, LAST_SNAPSHOT), { at: now.toISOString(), key });
    });
  } finally {
    // It ends by itself soon; a Vault that does not answer any more must not hide why.
    await vault.send({ method: 'POST', path: 'auth/token/revoke-self', token }).catch(() => undefined);
  }
}

/** Streamed: it may be larger than the memory. */
async function save(address: string, token: string, path: string): Promise<void> {
  const response = await fetch(new URL(`/v1/${SNAPSHOT}`, address), {
    headers: { 'x-vault-token': token, 'x-vault-request': 'true' },
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
  });
  if (!response.ok || !response.body)
    throw new VaultError(`vault: GET ${SNAPSHOT}: HTTP ${response.status}`, 'refused', response.status);
  await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(path, { mode: 0o600 }));
}

/** Vault compares the checksums in it. @throws Error when it cannot be read, or they differ */
export async function inspectSnapshot(vault: string, path: string): Promise<void> {
  try {
    await promisify(execFile)(vault, ['operator', 'raft', 'snapshot', 'inspect', path]);
  } catch (error) {
    const { stderr = '', message } = error as Error & { readonly stderr?: string };
    throw new Error(`the snapshot cannot be read: ${stderr.trim().split('\n').at(-1) || message}`);
  }
}
