/** Brings the tables to what this version needs, under a lock, so that two servers may start at once. */
import { Migrator, sql, type Kysely } from 'kysely';
import type { Store } from './database';
import { first } from './migrations/m001-first';
import type { Tables } from './tables';

/** In this order for ever: one that was released is never changed. */
const MIGRATIONS = { '001-first': first };

export const MIGRATION_NAMES: readonly string[] = Object.keys(MIGRATIONS);

/** @returns names of those that were run now. @throws what the database says */
export const migrate = ({ kind, db }: Store): Promise<string[]> =>
  kind === 'sqlite' ? db.connection().execute(lockedSqlite) : toLatest(db, {});

/** Kysely has a lock for Postgres only: here the writer's own keeps others waiting until all is done, or nothing. */
async function lockedSqlite(db: Kysely<Tables>): Promise<string[]> {
  await sql`begin immediate`.execute(db);
  try {
    const done = await toLatest(db, { disableTransactions: true });
    await sql`commit`.execute(db);
    return done;
  } catch (error) {
    await sql`rollback`.execute(db);
    throw error;
  }
}

async function toLatest(
  db: Kysely<Tables>,
  options: { readonly disableTransactions?: boolean },
): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS }, ...options });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return results.filter(({ status }) => status === 'Success').map(({ migrationName }) => migrationName);
}
