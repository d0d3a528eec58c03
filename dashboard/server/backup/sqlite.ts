/** Copies of a SQLite store: taken while servers write, and put in its place while none runs. */
import type { SqliteDatabase } from 'kysely';
import { closeSync, copyFileSync, existsSync, fsyncSync, linkSync, openSync, renameSync } from 'node:fs';
import { InputError } from '../errors';
import { openSqlite } from '../store/sqlite';
import type { RowCounts } from './manifest';

export interface Content {
  readonly migrations: string[];
  readonly rows: RowCounts;
}

/** A copy as of one moment (https://sqlite.org/lang_vacuum.html#vacuuminto), checked. */
export function copySqlite(store: string, copy: string): Content {
  if (!existsSync(store)) throw new InputError(`no store at ${store}`);
  using(store, (database) => void database.prepare('VACUUM INTO ?').run([copy]));
  return checkSqlite(copy);
}

/** @throws InputError when the file is damaged, or is no store of ours */
export function checkSqlite(file: string): Content {
  return using(file, (database) => {
    const [damage] = column(database, 'PRAGMA integrity_check');
    if (damage !== 'ok') throw new InputError(`${file} is damaged: ${String(damage)}`);
    const [orphans] = column(database, 'SELECT count(*) FROM pragma_foreign_key_check');
    if (orphans !== 0) throw new InputError(`${file} is damaged: ${String(orphans)} rows belong to nothing`);
    return contentOf(database);
  });
}

/**
 * Rows of a store that nobody else has open. Leaving WAL needs the only connection, and writes into the file what stood in the
 * log beside it, so that the file alone is the store.
 * @throws InputError when a server has it open
 */
export function rowsOfClosed(store: string): RowCounts {
  return using(store, (database) => {
    try {
      const [mode] = column(database, 'PRAGMA journal_mode = DELETE');
      if (mode !== 'delete') throw new Error('database is locked');
    } catch (error) {
      if (!/locked|busy/i.test((error as Error).message)) throw error;
      throw new InputError(`${store} is in use; stop the server first`);
    }
    return contentOf(database).rows;
  });
}

/**
 * Puts the copy in the store's place. What was there is kept beside it.
 * @returns where, or undefined when there was nothing
 */
export function replaceSqlite(copy: string, store: string, now: Date): string | undefined {
  // On the same file system, so that the rename is one step, and a crash leaves the old store or the new one.
  const arriving = `${store}.arriving`;
  copyFileSync(copy, arriving);
  flush(arriving);
  const before = existsSync(store) ? `${store}.before-${now.toISOString().replaceAll(':', '')}` : undefined;
  if (before !== undefined) linkSync(store, before);
  renameSync(arriving, store);
  return before;
}

export function flush(file: string): void {
  const descriptor = openSync(file, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function contentOf(database: SqliteDatabase): Content {
  const tables = column(database, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").map(
    String,
  );
  if (!tables.includes('kysely_migration'))
    throw new InputError('this SQLite file is no store of a dashboard');
  const ours = tables.filter((name) => !/^(sqlite|kysely)_/.test(name));
  const rows = ours.map(
    (name) => [name, Number(column(database, `SELECT count(*) FROM "${name}"`)[0])] as const,
  );
  return {
    migrations: column(database, 'SELECT name FROM kysely_migration ORDER BY name').map(String),
    rows: Object.fromEntries(rows),
  };
}

const column = (database: SqliteDatabase, query: string): unknown[] =>
  database
    .prepare(query)
    .all([])
    .map((row) => Object.values(row as Record<string, unknown>)[0]);

function using<T>(file: string, work: (database: SqliteDatabase) => T): T {
  const database = openSqlite(file);
  try {
    return work(database);
  } catch (error) {
    if (/not a database|malformed/.test((error as Error).message))
      throw new InputError(`${file} is damaged, or no SQLite file`);
    throw error;
  } finally {
    database.close();
  }
}
