/** The latencies of a run, in the order in which its report shows them too. */
import type { Performance, PerformanceWindow } from '@he300/benchmark/contract';

type Percentiles = PerformanceWindow['endToEndMs'];

export const PERCENTILES = [
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['p999', 'p99.9'],
  ['max', 'max'],
] as const satisfies readonly (readonly [keyof Percentiles, string])[];

const NAMES = [
  ['endToEndMs', 'End to end'],
  ['timeToFirstTokenMs', 'First token'],
  ['interTokenMs', 'Between tokens'],
  ['timePerOutputTokenMs', 'Per output token'],
  ['queueMs', 'Queue in the runner'],
] as const satisfies readonly (readonly [keyof PerformanceWindow, string])[];

export interface LatencyRow {
  readonly name: string;
  readonly values: Percentiles;
}

/** Of the total and of the steady stretch; without those of which nothing was recorded. */
export const latencyRows = ({ total, steady }: Pick<Performance, 'total' | 'steady'>): LatencyRow[] =>
  NAMES.flatMap(([key, name]) => [
    ...row(total, key, `${name}, total`),
    ...(steady ? row(steady, key, `${name}, steady`) : []),
  ]);

function row(window: PerformanceWindow, key: (typeof NAMES)[number][0], name: string): LatencyRow[] {
  const values = window.requests > window.errors ? window[key] : null;
  return values ? [{ name, values }] : [];
}
