/** Artifacts in a directory. A file gets its name when it is whole and on disk. */
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ArtifactGone, pathOfKey, type ArtifactStore, type ByteRange } from './artifact-store';

/** What is being written; a killed server leaves something here, and nowhere else. */
const HALF_WRITTEN = 'incoming';
/** No upload takes so long. */
const LEFT_BEHIND_MS = 86_400_000;

export class DirectoryStore implements ArtifactStore {
  constructor(private readonly root: string) {}

  async put(key: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    const file = join(this.root, pathOfKey(key));
    const incoming = join(this.root, HALF_WRITTEN);
    const temporary = join(incoming, randomUUID());
    await makeDirectory(incoming);
    try {
      await pipeline(body, createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true }));
      await makeDirectory(dirname(file));
      await rename(temporary, file);
      await syncDirectory(dirname(file));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async get(key: string, range?: ByteRange): Promise<Readable> {
    const file = join(this.root, pathOfKey(key));
    const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw new ArtifactGone(key);
      throw error;
    });
    return createReadStream(file, { fd: handle, ...(range && { start: range.first, end: range.last }) });
  }

  async remove(key: string): Promise<void> {
    await rm(join(this.root, pathOfKey(key)), { force: true });
  }

  /** Removes what killed servers have left half-written. */
  async tidy(now: Date): Promise<void> {
    const incoming = join(this.root, HALF_WRITTEN);
    for (const name of await readdir(incoming).catch(() => [])) {
      const file = join(incoming, name);
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
      if (now.getTime() - mtimeMs > LEFT_BEHIND_MS) await rm(file, { force: true });
    }
  }
}

/** A new directory is safe only when the one that it stands in is. */
async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
