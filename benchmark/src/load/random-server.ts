/** Servers drawn at random, like those that a model on one GPU makes: for the search's tests and its bench. */
import { PythonRandom } from '../sampling/python-random';
import { rate, type Capacity } from './simulated-server';

export const KINDS = ['plain', 'cliff', 'queue', 'cache', 'unknown-slots'] as const;

export interface RandomServer {
  readonly kind: (typeof KINDS)[number];
  readonly capacity: Capacity;
  /** What the search is told. */
  readonly slots: number | null;
  /** Tokens a second with that many requests in flight, without noise. */
  readonly truth: (concurrency: number) => number;
  /** The most that any concurrency brings. */
  readonly peak: number;
  /** What twice the slots would bring over them; 1 where the rate falls before they are full. */
  readonly gainOfMoreSlots: number;
}

/** Each kind comes in turn. */
export function randomServer(index: number, seed: number): RandomServer {
  const random = new PythonRandom(seed * 1_000 + index);
  const between = (low: number, high: number): number => low + (high - low) * random.random();
  const kind = KINDS[index % KINDS.length]!;
  // An A10 at 8 billion parameters and 4 bits takes 8 ms a step for one, and doubles that at some tens of requests.
  const stepSeconds = between(0.005, 0.05);
  const halfAt = 2 ** between(1, 7);
  const slots = Math.round(2 ** between(1, 8));
  const capacity: Capacity = {
    stepSeconds,
    perRequestSeconds: stepSeconds / halfAt,
    tokensPerStep: between(4, 12),
    slots,
    noise: 0.02,
    ...(kind === 'cliff'
      ? { cliff: { active: Math.max(2, Math.round(slots * between(0.3, 0.9))), part: between(0.5, 0.8) } }
      : {}),
    ...(kind === 'queue'
      ? { queue: { length: Math.round(slots * between(0, 0.3)), retryAfterSeconds: 1 } }
      : {}),
    ...(kind === 'cache' ? { prefixCache: 0.6 } : {}),
  };
  const truth = (concurrency: number): number => rate(capacity, Math.min(concurrency, slots));
  return {
    kind,
    capacity,
    slots: kind === 'unknown-slots' ? null : slots,
    truth,
    peak: Math.max(...Array.from({ length: slots }, (_, i) => truth(i + 1))),
    gainOfMoreSlots: kind === 'cliff' ? 1 : rate({ ...capacity, slots: 2 * slots }, 2 * slots) / truth(slots),
  };
}
