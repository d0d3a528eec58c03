/** Opens the store: a SQLite file by default, Postgres when a URL says so. The rest of the server sees no difference. */
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { sqliteDialect } from './sqlite';
import type { Tables } from './tables';

export type DatabaseKind = 'sqlite' | 'postgres';

export interface Store {
  readonly kind: DatabaseKind;
  readonly db: Kysely<Tables>;
}

/** What a query runs on. */
export type Db = Kysely<Tables> | Transaction<Tables>;

export interface StoreOptions {
  /** SQLite file; made where there is none. */
  readonly path: string;
  /**
   * `postgres://…`.
   * @default - SQLite
   */
  readonly databaseUrl?: string | undefined;
  /** Most connections to Postgres. @default 10 */
  readonly mostConnections?: number;
}

export function openStore({ path, databaseUrl, mostConnections = 10 }: StoreOptions): Store {
  if (databaseUrl === undefined) return { kind: 'sqlite', db: new Kysely({ dialect: sqliteDialect(path) }) };
  const pool = new pg.Pool({ connectionString: databaseUrl, max: mostConnections });
  // A connection that breaks while nobody uses it is made anew; without a listener it would end the process.
  pool.on('error', () => undefined);
  return { kind: 'postgres', db: new Kysely({ dialect: new PostgresDialect({ pool }) }) };
}
