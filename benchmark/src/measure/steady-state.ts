/** Where a pass is steady: after its warm-up, and before it runs out of questions. */
import type { TimedRequest } from './timed-request';

/** Fewer requests than this tell nothing. */
const FEWEST = 20;

/** Observations in a batch of MSER-5. */
const BATCH = 5;

/**
 * How many of the first observations to leave out: the truncation that minimizes the marginal standard error of what
 * is left, MSER-5 of K. P. White, Simulation 69 (1997) 323–334. Never more than the first half.
 */
export function warmUpLength(values: readonly number[]): number {
  const batches = Array.from({ length: Math.floor(values.length / BATCH) }, (_, i) => {
    const batch = values.slice(i * BATCH, (i + 1) * BATCH);
    return batch.reduce((total, value) => total + value, 0) / BATCH;
  });
  let [best, smallest] = [0, Number.POSITIVE_INFINITY];
  let [sum, squares] = [0, 0];
  // From the end, so that each truncation adds one batch to the sums of the one after it.
  for (let from = batches.length - 1; from >= 0; from--) {
    sum += batches[from]!;
    squares += batches[from]! ** 2;
    const count = batches.length - from;
    const error = Math.max(0, squares - sum ** 2 / count) / count ** 2;
    if (from <= batches.length / 2 && error <= smallest) [best, smallest] = [from, error];
  }
  return best * BATCH;
}

/** From and to, `performance.now()`; null when too little of the pass is steady. */
export function steadyStretch(
  requests: readonly TimedRequest[],
): { readonly fromMs: number; readonly toMs: number } | null {
  const byEnd = [...requests].sort((a, b) => a.endMs - b.endMs);
  if (byEnd.length === 0) return null;
  // From here on fewer and fewer are in flight.
  const toMs = Math.max(...byEnd.map(({ dueMs }) => dueMs));
  const busy = byEnd.filter(({ endMs }) => endMs <= toMs);
  const from = warmUpLength(busy.map(({ dueMs, endMs }) => endMs - dueMs));
  const steady = busy.slice(from);
  if (steady.length < FEWEST) return null;
  const fromMs = from === 0 ? Math.min(...busy.map(({ dueMs }) => dueMs)) : busy[from - 1]!.endMs;
  return { fromMs, toMs };
}
