/** The windows of the search for a concurrency, as a curve. */
import type { Saturation } from '@he300/benchmark/contract';

export interface LoadPoint {
  readonly concurrency: number;
  readonly tokensPerSecond: number;
  readonly requestsPerSecond: number;
  readonly p95Ms: number;
  /** How many windows the point is the mean of. */
  readonly windows: number;
}

/** What was tried more than once is one point, its mean: else the curve would run back on itself. */
export function byConcurrency(windows: Saturation['windows']): LoadPoint[] {
  const tried = [...new Set(windows.map(({ concurrency }) => concurrency))].toSorted((a, b) => a - b);
  return tried.map((concurrency) => {
    const same = windows.filter((window) => window.concurrency === concurrency);
    const mean = (key: 'tokensPerSecond' | 'requestsPerSecond' | 'p95Ms') =>
      same.reduce((sum, window) => sum + window[key], 0) / same.length;
    return {
      concurrency,
      tokensPerSecond: mean('tokensPerSecond'),
      requestsPerSecond: mean('requestsPerSecond'),
      p95Ms: mean('p95Ms'),
      windows: same.length,
    };
  });
}
