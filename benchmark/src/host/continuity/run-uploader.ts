/** Sends a run's files to the bucket while it goes on, so that a host that is lost costs seconds of work. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FILES } from '../../run/directory';
import type { Store } from '../aws/s3';
import type { HostLog } from '../log/host-log';
import { fileKey, segmentKey } from './layout';
import { isGrowing } from './restore';

export interface RunUploaderOptions {
  readonly store: Store;
  readonly log: HostLog;
  readonly runId: string;
  /** Of the run. It need not be there yet. */
  readonly directory: string;
  readonly session: number;
  /** Bytes of each append-only file that are in the bucket, as the session's claim says. */
  readonly restored: Readonly<Record<string, number>>;
  /** Between two looks. @default 2 s */
  readonly everyMs?: number;
}

/** What never leaves the host, and what goes up as an artifact when the run is over. */
const STAYS: ReadonlySet<string> = new Set([FILES.key, FILES.lock, FILES.results]);

/** Largest piece of one upload. */
const MOST_BYTES = 8 * 1024 * 1024;

export class RunUploader {
  private readonly stopping = new AbortController();
  private readonly sent = new Map<string, number>();
  /** State of the files that are written whole, as it was when they went up. */
  private readonly kept = new Map<string, string>();
  private running: Promise<void> | undefined;
  private failing = false;

  constructor(private readonly options: RunUploaderOptions) {}

  start(): void {
    this.running ??= this.loop();
  }

  /** Sends what is there, and ends. @throws AwsError */
  async finish(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.look();
  }

  private async loop(): Promise<void> {
    const { everyMs = 2_000, log } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.look();
        if (this.failing) log.info('the bucket takes the run again');
        this.failing = false;
      } catch (error) {
        // It is sent with what comes next: the run does not wait for the bucket.
        if (!this.failing) log.warn('the bucket does not take the run', { error });
        this.failing = true;
      }
      await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    for (const file of this.files()) {
      if (isGrowing(file)) await this.grown(file);
      else await this.whole(file);
    }
  }

  /** Of the run's directory, without what is being written. */
  private files(): string[] {
    try {
      const entries = readdirSync(this.options.directory, { withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.new') && !STAYS.has(entry.name))
        .map(({ name }) => name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  /** Whole lines only: a line that is cut off may still be one. */
  private async grown(file: string): Promise<void> {
    const { store, runId, session, directory, restored } = this.options;
    for (;;) {
      const start = this.sent.get(file) ?? restored[file] ?? 0;
      const bytes = await bytesFrom(join(directory, file), start);
      const piece = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
      if (piece.length === 0) return;
      await store.put(segmentKey(runId, file, session, start), piece, 'application/jsonl');
      this.sent.set(file, start + piece.length);
    }
  }

  private async whole(file: string): Promise<void> {
    const { store, runId, directory } = this.options;
    const path = join(directory, file);
    const { mtimeMs, size } = statSync(path);
    const state = `${mtimeMs} ${size}`;
    if (this.kept.get(file) === state) return;
    await store.put(fileKey(runId, file), readFileSync(path), 'application/json');
    this.kept.set(file, state);
  }
}

async function bytesFrom(path: string, start: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.max(0, Math.min(size - start, MOST_BYTES)));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
