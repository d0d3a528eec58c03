/** When a run counts as lost: it said how soon it would speak again, and three times that has passed in silence. */
import type { RunState } from '@he300/benchmark/contract';
import type { Services } from '../services';
import type { Db } from '../store/database';
import type { RunRow } from '../store/received-runs';

const LOST_AFTER = 3;
/** States that a run in silence is lost from. */
const SPEAKING: readonly RunState[] = ['PENDING', 'RUNNING'];

export const isSilent = (
  { state, heard_at, silence_seconds }: Pick<RunRow, 'state' | 'heard_at' | 'silence_seconds'>,
  now: Date,
): boolean =>
  SPEAKING.includes(state) && now.getTime() - Date.parse(heard_at) > LOST_AFTER * silence_seconds * 1000;

/** @returns ids of the runs that are lost from now on */
export async function markLost(db: Db, now: Date): Promise<string[]> {
  const speaking = await db
    .selectFrom('run')
    .select(['id', 'state', 'heard_at', 'silence_seconds'])
    .where('state', 'in', SPEAKING)
    .execute();
  const lost: string[] = [];
  for (const run of speaking.filter((one) => isSilent(one, now))) {
    // A word that has come since it was read keeps it.
    const { numUpdatedRows } = await db
      .updateTable('run')
      .set({ state: 'LOST', changed_at: now.toISOString() })
      .where('id', '=', run.id)
      .where('state', '=', run.state)
      .where('heard_at', '=', run.heard_at)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) lost.push(run.id);
  }
  return lost;
}

const EVERY_MS = 5_000;

/** Looks every few seconds until it is stopped. */
export function watchForLost(
  { store, now, log, metrics }: Services,
  everyMs = EVERY_MS,
): () => Promise<void> {
  let looking: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      const lost = await markLost(store.db, now());
      metrics.lostRuns.inc(lost.length);
      for (const runId of lost) log.warn('a run is lost', { runId });
    } catch (error) {
      log.error('cannot look for lost runs', { error });
    }
  };
  let timer: NodeJS.Timeout;
  const later = (): void => {
    timer = setTimeout(() => (looking = look().finally(() => !stopped && later())), everyMs).unref();
  };
  let stopped = false;
  later();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await looking;
  };
}
