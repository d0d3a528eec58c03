/** Percentiles of durations, from a high dynamic range histogram: http://hdrhistogram.org, the one that Node carries. */
import { createHistogram } from 'node:perf_hooks';
import type { z } from 'zod';
import type { percentiles } from '../contract/performance';

export type Percentiles = z.infer<typeof percentiles>;

/** Microseconds in an hour: no request of a run may take as long. */
const LONGEST_US = 3_600_000_000;

export class Latencies {
  /** Values differ from what was recorded by at most a thousandth. */
  private readonly histogram = createHistogram({ lowest: 1, highest: LONGEST_US, figures: 3 });

  record(ms: number): void {
    this.histogram.record(Math.min(LONGEST_US, Math.max(1, Math.round(ms * 1000))));
  }

  get count(): number {
    return this.histogram.count;
  }

  /** In milliseconds, by nearest rank (p / 100 · count, rounded); null when nothing was recorded. */
  percentiles(): Percentiles | null {
    if (this.count === 0) return null;
    const at = (p: number): number => Math.min(this.histogram.percentile(p), this.histogram.max) / 1000;
    return {
      p50: at(50),
      p90: at(90),
      p95: at(95),
      p99: at(99),
      p999: at(99.9),
      max: this.histogram.max / 1000,
    };
  }
}
