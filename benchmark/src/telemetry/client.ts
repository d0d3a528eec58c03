/** The runner itself: how much of a core it used, and how late its event loop was. It has to prove that it was not what was slow. */
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import type { ClientReading } from '../contract/telemetry-line';
import type { Reading, Source } from './source';

/** How often the loop is looked at; a delay shorter than this may go unseen. */
const RESOLUTION_MS = 10;

const MIB = 1024 ** 2;

export class Client implements Source {
  /** A monitor sees nothing before its first tick: so there are two, and each is read after two looks. */
  private delays = [new LoopDelay(), new LoopDelay()] as const;
  private cpu = process.cpuUsage();
  private atMs = performance.now();

  read(): Reading {
    const [cpu, atMs] = [process.cpuUsage(), performance.now()];
    const usedMs = (cpu.user - this.cpu.user + cpu.system - this.cpu.system) / 1000;
    const passedMs = atMs - this.atMs;
    [this.cpu, this.atMs] = [cpu, atMs];
    const [older, newer] = this.delays;
    const client: ClientReading = {
      cpu: passedMs > 0 ? usedMs / passedMs : 0,
      loopDelayP99Ms: older.percentile(99),
      memoryMib: process.memoryUsage.rss() / MIB,
    };
    older.close();
    this.delays = [newer, new LoopDelay()];
    return { client };
  }

  close(): void {
    for (const delay of this.delays) delay.close();
  }
}

/** How late timers of the event loop fire, beyond the time they were set for. */
export class LoopDelay {
  private readonly histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.histogram.enable();
  }

  /** In milliseconds; 0 when nothing was seen yet. */
  percentile(p: number): number {
    return late(this.histogram.percentile(p));
  }

  get maxMs(): number {
    return this.histogram.count === 0 ? 0 : late(this.histogram.max);
  }

  close(): void {
    this.histogram.disable();
  }
}

const late = (ns: number): number => Math.max(0, ns / 1e6 - RESOLUTION_MS);
