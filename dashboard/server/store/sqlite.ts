/**
 * SQLite in the process: Node's own where there is one, so that a deployed dashboard is a file without native parts; libsql's
 * prebuilt one elsewhere (Node 20). Both are used through the few calls that Kysely makes.
 */
import { createRequire } from 'node:module';
import type LibsqlDatabase from 'libsql';
import { SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';

/** WAL lets readers go on while one writes; FULL makes each commit durable before it is acknowledged. */
const PRAGMAS = [
  'journal_mode = WAL',
  'synchronous = FULL',
  'foreign_keys = ON',
  'cache_size = -32000',
  'temp_store = MEMORY',
];

/** @throws SqliteError when the file is not a database, or cannot be opened */
export function sqliteDialect(path: string): SqliteDialect {
  const database = openSqlite(path);
  for (const pragma of PRAGMAS) database.prepare(`PRAGMA ${pragma}`).all([]);
  return new SqliteDialect({ database: lockedFirst(database) });
}

/** A transaction waits for the lock when it begins: one that had read before could not get it when another process wrote meanwhile. */
const lockedFirst = (database: SqliteDatabase): SqliteDatabase => ({
  close: () => database.close(),
  prepare: (sql) => database.prepare(sql === 'begin' ? 'begin immediate' : sql),
});

/** A file as it is: nothing is made of it. What another process has locked is waited for from the first statement on. */
export function openSqlite(path: string): SqliteDatabase {
  const database = connect(path);
  database.prepare('PRAGMA busy_timeout = 5000').all([]);
  return database;
}

function connect(path: string): SqliteDatabase {
  const own = nodeSqliteModule();
  if (own) return nodeSqlite(new own.DatabaseSync(path));
  // Loaded here, because it has native parts that a bundle under a newer Node does without.
  const Libsql = createRequire(import.meta.url)('libsql') as typeof LibsqlDatabase;
  return libsql(new Libsql(path));
}

type Values = readonly unknown[];

/** The part of https://nodejs.org/api/sqlite.html that is used here; the types of Node 20 do not know it. */
interface NodeSqlite {
  readonly DatabaseSync: new (path: string) => {
    close(): void;
    prepare(sql: string): {
      columns(): readonly unknown[];
      all(...values: Values): unknown[];
      run(...values: Values): { changes: number | bigint; lastInsertRowid: number | bigint };
      iterate(...values: Values): IterableIterator<unknown>;
    };
  };
  readonly StatementSync: { readonly prototype: object };
}

/** Undefined before Node 22.16, whose statements do not tell their columns. */
function nodeSqliteModule(): NodeSqlite | undefined {
  const own = process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined;
  return own && 'columns' in own.StatementSync.prototype ? own : undefined;
}

const nodeSqlite = (database: InstanceType<NodeSqlite['DatabaseSync']>): SqliteDatabase => ({
  close: () => database.close(),
  prepare(sql) {
    const statement = database.prepare(sql);
    return {
      reader: statement.columns().length > 0,
      all: (values) => statement.all(...values),
      run: (values) => statement.run(...values),
      iterate: (values) => statement.iterate(...values),
    } satisfies SqliteStatement;
  },
});

/**
 * A statement of libsql that finds the file locked stays in progress, and nothing can be committed as long as it does. `exec`
 * leaves none: so the lock is taken by it, before any statement that writes.
 */
const libsql = (database: LibsqlDatabase.Database): SqliteDatabase => ({
  close: () => database.close(),
  prepare(sql) {
    if (/^(begin|commit|rollback)/.test(sql)) return executed(() => database.exec(sql));
    const statement = database.prepare(sql);
    const writes = /^(insert|update|delete)\b/i.test(sql);
    const locked = <T>(run: () => T): T =>
      writes && !database.inTransaction ? inTransaction(database, run) : run();
    return {
      reader: statement.reader,
      all: (values) => locked(() => statement.all(...values) as unknown[]),
      run: (values) => locked(() => statement.run(...values)),
      iterate: (values) => statement.iterate(...values) as IterableIterator<unknown>,
    } satisfies SqliteStatement;
  },
});

function inTransaction<T>(database: LibsqlDatabase.Database, run: () => T): T {
  database.exec('begin immediate');
  try {
    const result = run();
    database.exec('commit');
    return result;
  } catch (error) {
    if (database.inTransaction) database.exec('rollback');
    throw error;
  }
}

const executed = (execute: () => unknown): SqliteStatement => ({
  reader: false,
  all: () => [],
  run() {
    execute();
    return { changes: 0, lastInsertRowid: 0 };
  },
  iterate: () => [][Symbol.iterator](),
});
