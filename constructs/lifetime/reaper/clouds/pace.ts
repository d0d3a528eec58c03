/** Keeps calls apart in time. */

export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const realClock: Clock = {
  now: Date.now,
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
};

/** At most one call in each period. */
export class Pace {
  nextMs = 0;
  constructor(readonly periodMs: number) {}
}

/**
 * Resolves when it is this call's turn by every pace. Calls wait for one another, also those made at the same time.
 * Paces are taken together: one after the other, the second wait would shift what the first has measured.
 */
export async function takeTurn(clock: Clock, paces: readonly Pace[]): Promise<void> {
  const now = clock.now();
  const turn = Math.max(now, ...paces.map(({ nextMs }) => nextMs));
  for (const pace of paces) pace.nextMs = turn + pace.periodMs;
  if (turn > now) await clock.sleep(turn - now);
}
