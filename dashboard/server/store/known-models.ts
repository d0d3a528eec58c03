/** What is known of a model without looking at its runs. */
import type { Db } from './database';

/** Counts the complete runs of a model by one specification again, and finds its newest whole one. */
export async function refreshModel(db: Db, name: string, spec: string, now: Date): Promise<void> {
  // Also locks the row, so that of two runs that end at once the second one counts the first.
  await db
    .insertInto('model')
    .values({ name, spec, first_seen_at: now.toISOString(), complete_runs: 0 })
    .onConflict((c) => c.columns(['name', 'spec']).doUpdateSet({ name }))
    .execute();
  const complete = db
    .selectFrom('run')
    .where('model', '=', name)
    .where('spec', '=', spec)
    .where('state', '=', 'COMPLETED');
  const { runs } = await complete.select((e) => e.fn.countAll().as('runs')).executeTakeFirstOrThrow();
  const latest = await complete
    .select(['id', 'ended_at'])
    .where('whole', '=', 1)
    .orderBy('ended_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  await db
    .updateTable('model')
    .set({
      complete_runs: Number(runs),
      latest_run_id: latest?.id ?? null,
      latest_ended_at: latest?.ended_at ?? null,
    })
    .where('name', '=', name)
    .where('spec', '=', spec)
    .execute();
}
