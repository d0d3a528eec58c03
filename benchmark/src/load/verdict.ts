/** Why the server was no faster, with what was seen that says so. */
import type { Saturation } from '../contract/performance';
import type { SearchResult, TriedWindow } from './search';

/** How busy the runner itself was while it measured. */
export interface ClientLoad {
  /** Part of one core. */
  readonly cpu: number;
  /** Delay of the event loop, 99th percentile. */
  readonly loopDelayP99Ms: number;
}

/** Above this the runner may be what is slow. */
const CLIENT_BUSY = 0.9;

/** Twice the slots would have brought at least this much more. */
const WORTHWHILE = 1.05;

export function verdictOf(
  { windows, endedBy, peakTokensPerSecond, chosenConcurrency }: SearchResult,
  slots: number | null,
  client: ClientLoad,
): Pick<Saturation, 'verdict' | 'evidence'> {
  const evidence = [
    `peak ${peakTokensPerSecond.toFixed(0)} tokens/s in ${windows.length} windows; ${chosenConcurrency} in flight bring at least 95 % of it`,
    `client: ${(client.cpu * 100).toFixed(0)} % of a core, event loop late by at most ${client.loopDelayP99Ms.toFixed(1)} ms (p99)`,
  ];
  const refusals = windows.reduce((sum, window) => sum + window.refusals, 0);
  if (refusals > 0) evidence.push(`the server refused ${refusals} requests for lack of room`);

  if (client.cpu >= CLIENT_BUSY)
    return { verdict: 'limited-by-client', evidence: [...evidence, 'the runner itself had no time left'] };

  const gain = slots === null ? null : gainOfDoubling(windows, slots);
  if (gain !== null) {
    const percent = ((gain - 1) * 100).toFixed(0);
    evidence.push(`${slots} slots; by the curve up to them, twice as many would bring ${percent} % more`);
    if (gain >= WORTHWHILE && !fellBefore(windows, slots!)) return { verdict: 'limited-by-slots', evidence };
  }
  if (endedBy === 'most-concurrency' || endedBy === 'windows') {
    const most = Math.max(...windows.map(({ concurrency }) => concurrency));
    const first = [...windows].filter(({ concurrency }) => concurrency === most)[0]!;
    if (first.tokensPerSecond >= peakTokensPerSecond * 0.97) {
      const verdict = refusals > 0 ? 'limited-by-server-queue' : 'not-saturated';
      return { verdict, evidence: [...evidence, `throughput still grew at ${most} in flight`] };
    }
  }
  return { verdict: 'saturated', evidence };
}

/**
 * Twice the slots over the slots, by the curve `concurrency / throughput = step + each · concurrency` (one step of a GPU
 * costs a fixed time and some for each request) fitted to the windows that the slots did not bound. Null with too few.
 */
export function gainOfDoubling(windows: readonly TriedWindow[], slots: number): number | null {
  const below = windows.filter(
    ({ concurrency, tokensPerSecond }) => concurrency <= slots && tokensPerSecond > 0,
  );
  if (new Set(below.map(({ concurrency }) => concurrency)).size < 2) return null;
  // Noise is relative to the value, so each point weighs as the inverse of its square.
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
  for (const { concurrency: x, tokensPerSecond } of below) {
    const y = x / tokensPerSecond;
    const weight = y ** -2;
    w += weight;
    wx += weight * x;
    wy += weight * y;
    wxx += weight * x * x;
    wxy += weight * x * y;
  }
  const each = Math.max(0, (w * wxy - wx * wy) / (w * wxx - wx ** 2));
  const step = Math.max(0, (wy - each * wx) / w);
  return step + each === 0 ? null : (2 * (step + each * slots)) / (step + each * 2 * slots);
}

/** More requests brought less before the slots were full: more slots would not help. */
function fellBefore(windows: readonly TriedWindow[], slots: number): boolean {
  const meanAt = (concurrency: number): number => {
    const at = windows.filter((window) => window.concurrency === concurrency);
    return at.reduce((sum, { tokensPerSecond }) => sum + tokensPerSecond, 0) / at.length;
  };
  const below = [...new Set(windows.map(({ concurrency }) => concurrency))].filter((c) => c <= slots);
  const full = meanAt(Math.max(...below));
  return below.some((concurrency) => meanAt(concurrency) * 0.95 > full);
}
