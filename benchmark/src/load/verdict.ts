/** Why the server was no faster, with what was seen that says so. */
import type { Saturation } from '../contract/performance';
import { findingsOf } from './evidence';
import { CLIENT_BUSY, clientFindings, type ClientLoad } from './evidence/client';
import { type Findings, joined, NOTHING, said, unknown } from './evidence/findings';
import { boundOf } from './evidence/gpu';
import { kvCacheFull } from './evidence/server';
import { slotsSeenIn } from './queue';
import type { SearchResult, TriedWindow } from './search';

/** Twice the slots would have brought at least this much more. */
const WORTHWHILE = 1.05;

export type Verdict = Pick<Saturation, 'verdict' | 'bound' | 'slotsSeen'> & {
  readonly [K in keyof Findings]: string[];
};

/**
 * @param slots as the server told; null when it did not
 * @param client while the fastest window was measured; null when nobody looked
 */
export function verdictOf(result: SearchResult, slots: number | null, client: ClientLoad | null): Verdict {
  const { windows, peakTokensPerSecond, chosenConcurrency } = result;
  const fastest = fastestOf(windows);
  const { gpus = null, server = null } = fastest?.telemetry ?? {};
  const memoryFull = kvCacheFull(server);
  const slotsSeen = memoryFull ? null : slotsSeenIn(windows);
  const bound = boundOf(gpus);
  const refusals = windows.reduce((sum, window) => sum + window.refusals, 0);

  const found = joined(
    said(
      `peak ${peakTokensPerSecond.toFixed(0)} tokens/s in ${windows.length} windows; ${chosenConcurrency} in flight bring at least 95 % of it`,
    ),
    fastest?.telemetry
      ? findingsOf(fastest.telemetry, fastest.concurrency, client)
      : clientFindings(client, null),
    ...(refusals > 0 ? [said(`the server refused ${refusals} requests for lack of room`)] : []),
  );
  const verdict = (name: Saturation['verdict'], why: Findings): Verdict => {
    const { evidence, warnings, unknowns } = joined(found, why);
    return {
      ...{ verdict: name, bound, slotsSeen },
      ...{ evidence: [...evidence], warnings: [...warnings], unknowns: [...unknowns] },
    };
  };

  if (client && client.cpu >= CLIENT_BUSY) return verdict('limited-by-client', NOTHING);
  const onSlots = memoryFull
    ? { limited: false, why: said('its memory for keys and values was full: requests waited for that') }
    : judgeSlots(result, slots, slotsSeen, bound === 'compute');
  if (onSlots.limited) return verdict('limited-by-slots', onSlots.why);
  const growth = stillGrowing(result);
  if (growth === undefined) return verdict('saturated', onSlots.why);
  return verdict(
    refusals > 0 ? 'limited-by-server-queue' : 'not-saturated',
    joined(onSlots.why, said(growth)),
  );
}

/** Undefined when nothing was measured. */
export function fastestOf(windows: readonly TriedWindow[]): TriedWindow | undefined {
  return windows.toSorted((a, b) => b.tokensPerSecond - a.tokensPerSecond)[0];
}

interface OnSlots {
  /** More of them would have brought more. */
  readonly limited: boolean;
  readonly why: Findings;
}

function judgeSlots(
  { windows, endedBy }: SearchResult,
  told: number | null,
  seen: number | null,
  computeBound: boolean,
): OnSlots {
  const slots = told ?? seen;
  if (slots === null) return { limited: false, why: NOTHING };
  const what =
    told !== null
      ? `${slots} slots`
      : `the server worked on ${slots} at once while others waited: its slots, or its tokens of a step (vLLM: --max-num-seqs, --max-num-batched-tokens)`;

  const gain = gainOfDoubling(windows, slots);
  if (gain === null) {
    const why = joined(
      said(what),
      unknown('what more slots would bring: so few leave no curve to read it off'),
    );
    return { limited: endedBy === 'slots' && !computeBound, why };
  }
  const percent = ((gain - 1) * 100).toFixed(0);
  const why = said(`${what}; by the curve up to them, twice as many would bring ${percent} % more`);
  const limited = gain >= WORTHWHILE && !fellBefore(windows, slots);
  return limited && computeBound
    ? { limited: false, why: joined(why, said('but the GPU has no more compute to give them')) }
    : { limited, why };
}

/** Undefined when it did not. */
function stillGrowing({ windows, endedBy, peakTokensPerSecond }: SearchResult): string | undefined {
  if (endedBy !== 'most-concurrency' && endedBy !== 'windows') return undefined;
  const most = Math.max(...windows.map(({ concurrency }) => concurrency));
  const first = windows.find(({ concurrency }) => concurrency === most)!;
  if (first.tokensPerSecond < peakTokensPerSecond * 0.97) return undefined;
  return `throughput still grew at ${most} in flight`;
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
