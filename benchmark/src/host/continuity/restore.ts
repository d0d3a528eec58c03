/** Puts what earlier sessions of a run left in the bucket onto this host's disk, where the runner resumes from it. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILES } from '../../run/directory';
import type { Store } from '../aws/s3';
import type { Claim } from './claims';
import { filePrefix, segmentPrefix, segmentsPrefix } from './layout';

/** Append-only files of a run, whose pieces go up as they grow. */
export const isGrowing = (file: string): boolean => file.endsWith('.jsonl');

/** Bytes by file. */
export type Growing = ReadonlyMap<string, Buffer>;

/** What the sessions with these claims left of the append-only files, in whole lines. */
export async function leftBy(store: Store, runId: string, claims: readonly Claim[]): Promise<Growing> {
  const root = segmentsPrefix(runId);
  const keys = await store.list(root);
  const names = new Set(keys.map((key) => key.slice(root.length).split('/')[0]!));
  const files = new Map<string, Buffer>();
  for (const file of names) files.set(file, await assembled(store, runId, file, claims));
  return files;
}

/** Pieces of one session may overlap, because what failed is sent again with more; a gap ends what can be used. */
async function assembled(
  store: Store,
  runId: string,
  file: string,
  claims: readonly Claim[],
): Promise<Buffer> {
  let bytes: Buffer = Buffer.alloc(0);
  for (const [session, claim] of claims.entries()) {
    bytes = bytes.subarray(0, claim.restored[file] ?? 0);
    const prefix = segmentPrefix(runId, file, session);
    for (const key of await store.list(prefix)) {
      const start = Number(key.slice(prefix.length).replace('.jsonl', ''));
      if (start > bytes.length) break;
      const piece = (await store.get(key)) ?? Buffer.alloc(0);
      if (start + piece.length > bytes.length) bytes = Buffer.concat([bytes.subarray(0, start), piece]);
    }
  }
  return wholeLines(bytes);
}

/**
 * How much of each file this session need not send: all that was left, on a disk that will be filled from it; on the disk
 * of an earlier session as much as both have, for one of them may have lost its end.
 */
export function agreedSizes(left: Growing, directory: string): Claim['restored'] {
  const isFresh = !existsSync(join(directory, FILES.plan));
  const sizeOf = (file: string, bytes: Buffer): number =>
    isFresh ? bytes.length : commonLines(bytes, bytesOf(join(directory, file))).length;
  return Object.fromEntries([...left].map(([file, bytes]) => [file, sizeOf(file, bytes)]));
}

/**
 * Writes what was left of a run into a directory that does not hold it yet. The plan comes last: a directory without one
 * is no run.
 * @returns whether there is a run to resume in the directory
 */
export async function restore(
  store: Store,
  { runId, directory }: { readonly runId: string; readonly directory: string },
  left: Growing,
): Promise<boolean> {
  if (existsSync(join(directory, FILES.plan))) return true;
  const prefix = filePrefix(runId);
  const names = (await store.list(prefix)).map((key) => key.slice(prefix.length));
  if (!names.includes(FILES.plan)) return false;
  mkdirSync(directory, { recursive: true });
  for (const [file, bytes] of left) writeWhole(join(directory, file), bytes);
  for (const name of [...names.filter((other) => other !== FILES.plan), FILES.plan]) {
    const bytes = await store.get(`${prefix}${name}`);
    if (bytes) writeWhole(join(directory, name), bytes);
  }
  return true;
}

function writeWhole(path: string, bytes: Buffer): void {
  writeFileSync(`${path}.new`, bytes, { flush: true });
  renameSync(`${path}.new`, path);
}

const bytesOf = (path: string): Buffer => (existsSync(path) ? readFileSync(path) : Buffer.alloc(0));

function commonLines(a: Buffer, b: Buffer): Buffer {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return wholeLines(a.subarray(0, length));
}

const wholeLines = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.lastIndexOf(10) + 1);
