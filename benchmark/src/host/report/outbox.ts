/**
 * Events that wait for the dashboard, one file each, in the order in which they happened. A file is there whole or not at
 * all, and an event is sent only when its file is safe: so an event that was ever sent has its id and its body for good.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { RunEvent } from '../../contract/event';

type Type = RunEvent['type'];

export interface OutboxName {
  /** Over all runs of the host. */
  readonly order: number;
  readonly runId: string;
  readonly seq: number;
  readonly type: Type;
}

const letter = z.object({
  id: z.string().describe('`webhook-id`, constant over retries.'),
  body: z.string(),
  runSignature: z.string().nullable(),
});
/** What is sent. */
export type Letter = z.infer<typeof letter>;

export interface Entry extends OutboxName, Letter {}

/** What became of an entry, and the directory it is in. */
export type Fate = 'waiting' | 'sent' | 'refused';
const FATES: readonly Fate[] = ['waiting', 'sent', 'refused'];

export interface OutboxOptions {
  /** Where the numbers of a run begin on this host; a host that resumes it begins after those of the ones before. @default 0 */
  readonly firstSeq?: (runId: string) => number;
  /** The disk could not take an event: it is kept in memory. @default - nobody is told */
  readonly onDiskFailure?: (error: Error) => void;
}

export class Outbox {
  private readonly waiting: Entry[] = [];
  /** Of every entry there ever was. */
  private readonly names: OutboxName[] = [];

  private constructor(
    private readonly directory: string,
    private readonly options: OutboxOptions,
  ) {}

  /** Creates the outbox, or goes on with what a process before this one left. */
  static open(directory: string, options: OutboxOptions = {}): Outbox {
    const outbox = new Outbox(directory, options);
    for (const fate of FATES) outbox.load(fate);
    outbox.waiting.sort((a, b) => a.order - b.order);
    return outbox;
  }

  /** @param letterFor makes the event with the number that it has */
  append(runId: string, type: Type, letterFor: (seq: number) => Letter): Entry {
    const order = 1 + Math.max(-1, ...this.names.map((name) => name.order));
    const seq = this.nextSeq(runId);
    const entry: Entry = { order, runId, seq, type, ...letterFor(seq) };
    this.write(entry);
    this.names.push({ order, runId, seq, type });
    this.waiting.push(entry);
    return entry;
  }

  /** The one whose turn it is. */
  head(): Entry | undefined {
    return this.waiting[0];
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  isWaiting(runId: string, ...types: readonly Type[]): boolean {
    return this.waiting.some((entry) => entry.runId === runId && types.includes(entry.type));
  }

  /** Whether the run ever had an event of one of these types on this host. */
  has(runId: string, ...types: readonly Type[]): boolean {
    return this.names.some((name) => name.runId === runId && types.includes(name.type));
  }

  settle(entry: Entry, fate: Exclude<Fate, 'waiting'>): void {
    const at = this.waiting.indexOf(entry);
    if (at === -1) return;
    this.waiting.splice(at, 1);
    try {
      renameSync(this.path('waiting', entry), this.path(fate, entry));
    } catch (error) {
      // It was kept in memory, or goes out once more after a restart, under the same id.
      this.options.onDiskFailure?.(error as Error);
    }
  }

  /** Every event of the run on this host, in order, and what became of it. */
  of(runId: string): (Entry & { readonly fate: Fate })[] {
    const kept = FATES.flatMap((fate) => this.read(fate, runId).map((entry) => ({ ...entry, fate })));
    const orders = new Set(kept.map(({ order }) => order));
    const inMemory = this.waiting
      .filter((entry) => entry.runId === runId && !orders.has(entry.order))
      .map((entry) => ({ ...entry, fate: 'waiting' as const }));
    return [...kept, ...inMemory].sort((a, b) => a.order - b.order);
  }

  private nextSeq(runId: string): number {
    const first = this.options.firstSeq?.(runId) ?? 0;
    const used = this.names.filter((name) => name.runId === runId).map(({ seq }) => seq + 1);
    return Math.max(first, ...used);
  }

  private load(fate: Fate): void {
    mkdirSync(join(this.directory, fate), { recursive: true });
    for (const file of readdirSync(join(this.directory, fate))) {
      const name = parseName(file);
      // What was cut off while it was written was never sent.
      if (!name) rmSync(join(this.directory, fate, file));
      else this.names.push(name);
    }
    if (fate === 'waiting') this.waiting.push(...this.read(fate));
  }

  private read(fate: Fate, runId?: string): Entry[] {
    const directory = join(this.directory, fate);
    return readdirSync(directory).flatMap((file) => {
      const name = parseName(file);
      if (!name || (runId !== undefined && name.runId !== runId)) return [];
      const { data } = letter.safeParse(JSON.parse(readFileSync(join(directory, file), 'utf8')));
      return data ? [{ ...name, ...data }] : [];
    });
  }

  private write(entry: Entry): void {
    const { id, body, runSignature } = entry;
    const path = this.path('waiting', entry);
    const temporary = `${path}.new`;
    try {
      writeFileSync(temporary, JSON.stringify({ id, body, runSignature }), { flush: true });
      renameSync(temporary, path);
      syncDirectory(join(this.directory, 'waiting'));
    } catch (error) {
      rmSync(temporary, { force: true });
      this.options.onDiskFailure?.(error as Error);
    }
  }

  private path(fate: Fate, { order, runId, seq, type }: OutboxName): string {
    return join(this.directory, fate, `${String(order).padStart(9, '0')}_${runId}_${seq}_${type}.json`);
  }
}

function parseName(file: string): OutboxName | undefined {
  const [, order, runId, seq, type] = /^(\d{9})_(.+)_(\d+)_(run\.[a-z]+)\.json$/.exec(file) ?? [];
  return runId === undefined
    ? undefined
    : { order: Number(order), runId, seq: Number(seq), type: type as Type };
}

/** A renamed file is safe only when its directory is. */
function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
