/** The latencies of a run, in the order and under the names in which reports show them. */
import type { Performance, PerformanceWindow } from '../contract/performance';
import type { Percentiles } from '../measure/latencies';

export const PERCENTILES = [
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['p999', 'p99.9'],
  ['max', 'max'],
] as const satisfies readonly (readonly [keyof Percentiles, string])[];

const NAMES = [
  ['timeToFirstTokenMs', 'first token (TTFT)'],
  ['interTokenMs', 'between tokens (ITL)'],
  ['timePerOutputTokenMs', 'per output token (TPOT)'],
  ['endToEndMs', 'end to end (E2E)'],
  ['queueMs', 'queue in the runner'],
] as const satisfies readonly (readonly [keyof PerformanceWindow, string])[];

export interface LatencyRow {
  readonly name: string;
  readonly total: Percentiles | null;
  /** Null when the pass had no steady stretch. */
  readonly steady: Percentiles | null;
}

/** Without those that nothing was recorded of. */
export function latencyRows({ total, steady }: Performance): LatencyRow[] {
  const answered = (window: PerformanceWindow): boolean => window.requests > window.errors;
  return NAMES.flatMap(([key, name]) => {
    const row = {
      name,
      total: answered(total) ? total[key] : null,
      steady: steady && answered(steady) ? steady[key] : null,
    };
    return row.total || row.steady ? [row] : [];
  });
}
