/**
 * Thousands of runs in a store: some are sent to a server, so that their rows are those that it makes, and the others are
 * copies of these under ids, times and delivery ids of their own.
 */
import { sql } from 'kysely';
import type { Db, Store } from '../server/store/database';
import { refreshModel } from '../server/store/known-models';
import { createdAtOf, runIdOf } from './generated-run';

/** In one transaction. */
const BATCH = 100;

/** @param templates numbers from 0 to this, already in the store; copies follow up to `runs` */
export async function copyRuns({ kind, db }: Store, templates: number, runs: number): Promise<void> {
  for (let first = templates; first < runs; first += BATCH)
    await db.transaction().execute(async (trx) => {
      for (let number = first; number < Math.min(first + BATCH, runs); number++)
        await copyRun(trx, number % templates, number);
    });
  const models = await db.selectFrom('model').select(['name', 'spec']).execute();
  for (const { name, spec } of models) await refreshModel(db, name, spec, new Date());
  // Postgres does this by itself, a minute later.
  if (kind === 'postgres') await sql`analyze`.execute(db);
}

async function copyRun(db: Db, template: number, number: number): Promise<void> {
  const [from, id] = [runIdOf(template), runIdOf(number)];
  const created = createdAtOf(number);
  const ended = new Date(created.getTime() + 600_000).toISOString();
  const at = created.toISOString();
  const times = { created_at: at, started_at: at, changed_at: ended, heard_at: ended, ended_at: ended };
  const run = await db.selectFrom('run').selectAll().where('id', '=', from).executeTakeFirstOrThrow();
  await db
    .insertInto('run')
    .values({ ...run, ...times, id })
    .execute();
  for (const table of ['category_result', 'sample', 'artifact', 'event'] as const) {
    const one = await db.selectFrom(table).selectAll().where('run_id', '=', from).limit(1).executeTakeFirst();
    if (!one) continue;
    const columns = Object.keys(one).filter((column) => !['run_id', 'delivery_id'].includes(column));
    const own = table === 'event' ? sql`, delivery_id` : sql``;
    const ownValue = table === 'event' ? sql`, ${id} || '_' || cast(seq as integer)` : sql``;
    const same = sql.join(columns.map((column) => sql.ref(column)));
    await sql`insert into ${sql.table(table)} (run_id${own}, ${same})
      select ${id}${ownValue}, ${same} from ${sql.table(table)} where run_id = ${from}`.execute(db);
  }
}
