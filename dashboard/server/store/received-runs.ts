/** What receiving asks of and writes to runs. */
import type { CategoryScore, RunEvent } from '@he300/benchmark/contract';
import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Db } from './database';
import type { RunTable } from './tables';

export type RunRow = Selectable<RunTable>;

export const environmentOf = (runId: string): string => runId.slice(0, runId.indexOf('-'));

/** Until a heartbeat promises something else. */
export const USUAL_SILENCE_SECONDS = 30;

const freshRun = (id: string, at: string): Insertable<RunTable> => ({
  id,
  environment: environmentOf(id),
  state: 'PENDING',
  created_at: at,
  changed_at: at,
  heard_at: at,
  silence_seconds: USUAL_SILENCE_SECONDS,
  last_seq: -1,
  phases: '[]',
  whole: 0,
  signature: 'missing',
});

/**
 * The run's row, made where there is none, and nobody else's until the transaction ends. It writes before it reads: SQLite
 * lets a transaction that began by reading no longer write when another has written meanwhile.
 */
export async function lockRun(db: Db, id: string, now: Date): Promise<RunRow> {
  const fresh = freshRun(id, now.toISOString());
  await db
    .insertInto('run')
    .values(fresh)
    .onConflict((c) => c.column('id').doNothing())
    .execute();
  return db
    .updateTable('run')
    .set((e) => ({ last_seq: e.ref('last_seq') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export const findRun = (db: Db, id: string): Promise<RunRow | undefined> =>
  db.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirst();

export const updateRun = (db: Db, id: string, changes: Updateable<RunTable>) =>
  db.updateTable('run').set(changes).where('id', '=', id).execute();

/** The run's events under this id or with this number. */
export const eventsLike = (db: Db, runId: string, deliveryId: string, seq: number) =>
  db
    .selectFrom('event')
    .select(['delivery_id', 'seq', 'body_sha256'])
    .where('run_id', '=', runId)
    .where((e) => e.or([e('delivery_id', '=', deliveryId), e('seq', '=', seq)]))
    .execute();

export interface StoredEvent {
  readonly deliveryId: string;
  readonly body: string;
  readonly bodySha256: string;
}

export const insertEvent = (
  db: Db,
  { runId, seq, type, at }: RunEvent,
  { deliveryId, body, bodySha256 }: StoredEvent,
  now: Date,
) =>
  db
    .insertInto('event')
    .values({
      ...{ run_id: runId, delivery_id: deliveryId, seq, type, at },
      ...{ received_at: now.toISOString(), body_sha256: bodySha256, body },
    })
    .execute();

export async function replaceCategories(
  db: Db,
  runId: string,
  categories: readonly CategoryScore[],
): Promise<void> {
  await db.deleteFrom('category_result').where('run_id', '=', runId).execute();
  const rows = categories.map((one) => ({
    ...{ run_id: runId, category: one.category, scenarios: one.scenarios, correct: one.correct },
    ...{ unknown: one.unknown, errors: one.errors, accuracy: one.accuracy },
    ...{ low95: one.wilson95.low, high95: one.wilson95.high, majority_baseline: one.majorityBaseline },
    groups: one.groups && JSON.stringify(one.groups),
  }));
  if (rows.length > 0) await db.insertInto('category_result').values(rows).execute();
}
