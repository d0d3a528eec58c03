/** Looks at the machines twice a second while a run goes on, and sums up stretches of it. */
import type { Telemetry } from '../contract/telemetry';
import type { GpuReading } from '../contract/telemetry-line';
import { LoopDelay } from './client';
import type { Reading, Source } from './source';
import { summaryOf } from './summary';

/** The shortest window of load takes a second, and the server’s queue is seen only as it is at a look. */
const INTERVAL_MS = 500;

/** One look. It stands for the time since the look before. */
export interface Look {
  /** `performance.now()`. */
  readonly atMs: number;
  readonly seconds: number;
  /** Of the stretch that began last and goes on; null between stretches. */
  readonly during: string | null;
  readonly reading: Reading;
}

export interface SamplerOptions {
  /** Where several tell the same of a GPU, the first is believed. */
  readonly sources: readonly Source[];
  /** @default INTERVAL_MS */
  readonly intervalMs?: number;
  /** @default - nobody listens */
  readonly onLook?: (look: Look) => void;
}

export interface StretchOptions {
  /** When the work is done nothing is in flight: what the server's queue is then tells nothing of the work. @default false */
  readonly endsIdle?: boolean;
}

export class Sampler {
  private readonly timer: NodeJS.Timeout;
  private readonly looking = new Set<Promise<void>>();
  private readonly stretches = new Set<Stretch>();
  private lastMs = performance.now();

  constructor(private readonly options: SamplerOptions) {
    // A source that is slow under load is not asked again before it has answered.
    const look = (): void => void (this.looking.size === 0 && this.look());
    this.timer = setInterval(look, options.intervalMs ?? INTERVAL_MS).unref();
  }

  /**
   * Does the work, and tells what was seen meanwhile. There is a look at either end, so that the figures are of this
   * stretch alone. @throws what `work` throws
   */
  async during<T>(
    label: string,
    work: () => Promise<T>,
    options: StretchOptions = {},
  ): Promise<readonly [result: T, seen: Telemetry]> {
    void this.look();
    const stretch = new Stretch(label, options);
    this.stretches.add(stretch);
    try {
      const result = await work();
      const summary = stretch.end();
      await this.look();
      await Promise.all(this.looking);
      return [result, summary()];
    } finally {
      stretch.close();
      this.stretches.delete(stretch);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.looking);
    await Promise.all(this.options.sources.map((source) => source.close()));
  }

  private look(): Promise<void> {
    const looking = this.lookNow().finally(() => this.looking.delete(looking));
    this.looking.add(looking);
    return looking;
  }

  private async lookNow(): Promise<void> {
    const atMs = performance.now();
    const seconds = (atMs - this.lastMs) / 1000;
    this.lastMs = atMs;
    const during = [...this.stretches].at(-1)?.label ?? null;
    // Sources that need not wait are read before anything else happens.
    const readings = await Promise.all(this.options.sources.map(readingOf));
    const look = { atMs, seconds, during, reading: joined(readings) };
    for (const stretch of this.stretches) stretch.add(look);
    this.options.onLook?.(look);
  }
}

class Stretch {
  private readonly looks: Look[] = [];
  private readonly startedMs = performance.now();
  private readonly delay = new LoopDelay();
  private isOver = false;

  constructor(
    readonly label: string,
    private readonly options: StretchOptions,
  ) {}

  add(look: Look): void {
    if (look.atMs <= this.startedMs) return;
    this.looks.push(this.isOver && this.options.endsIdle ? withoutServer(look) : look);
  }

  /** Ends now; the last look may come later. */
  end(): () => Telemetry {
    this.isOver = true;
    const seconds = (performance.now() - this.startedMs) / 1000;
    const { delay } = this;
    const loopDelayMs = { p50: delay.percentile(50), p99: delay.percentile(99), max: delay.maxMs };
    return () => summaryOf(this.looks, seconds, loopDelayMs);
  }

  close(): void {
    this.delay.close();
  }
}

function withoutServer(look: Look): Look {
  const { server: _, ...reading } = look.reading;
  return { ...look, reading };
}

/** Whatever becomes of a source, the run goes on. */
async function readingOf(source: Source): Promise<Reading> {
  try {
    return await source.read();
  } catch {
    return {};
  }
}

function joined(readings: readonly Reading[]): Reading {
  const gpus = readings.flatMap((reading) => reading.gpus ?? []);
  const whole: Reading = Object.assign({}, ...readings.toReversed());
  return gpus.length === 0 ? whole : { ...whole, gpus: byIndex(gpus) };
}

/** What several sources tell of a GPU, as one. */
function byIndex(gpus: readonly GpuReading[]): GpuReading[] {
  const found = new Map<number, GpuReading>();
  for (const gpu of gpus) {
    const known = found.get(gpu.index);
    found.set(gpu.index, known ? filled(known, gpu) : gpu);
  }
  return [...found.values()].sort((a, b) => a.index - b.index);
}

const filled = (known: GpuReading, other: GpuReading): GpuReading => {
  const told = Object.entries(known).filter(([, value]) => value !== null);
  return { ...other, ...Object.fromEntries(told) };
};
