/** Brings the tables to what this version needs. Kysely holds a lock meanwhile, so that two servers may start at once. */
import { Migrator } from 'kysely';
import type { Store } from './database';
import { first } from './migrations/m001-first';

/** In this order for ever: one that was released is never changed. */
const MIGRATIONS = { '001-first': first };

export const MIGRATION_NAMES: readonly string[] = Object.keys(MIGRATIONS);

/** @returns names of those that were run now. @throws what the database says */
export async function migrate({ db }: Store): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return results.filter(({ status }) => status === 'Success').map(({ migrationName }) => migrationName);
}
