/** Copies of a Postgres store, by Postgres's own programs: `pg_dump` in its custom format, and `pg_restore`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { InputError } from '../errors';
import type { RowCounts } from './manifest';
import type { Content } from './sqlite';

/** One moment for the copy and for the counts: both see the snapshot of one transaction. */
export async function dumpPostgres(databaseUrl: string, file: string): Promise<Content> {
  return using(databaseUrl, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const snapshot = (await client.query<{ id: string }>('SELECT pg_export_snapshot() AS id')).rows[0]!.id;
    const content = await contentOf(client);
    if (content.migrations.length === 0) throw new InputError('the database is no store of a dashboard');
    await program(
      'pg_dump',
      [...PLAIN, '--format=custom', `--snapshot=${snapshot}`, `--file=${file}`],
      client,
    );
    await client.query('COMMIT');
    // Reads every row of the dump, and writes none: a dump that is cut off does not pass.
    await program('pg_restore', ['--file=/dev/null', file], client);
    return content;
  });
}

/** In one transaction: the old rows stand until the new ones do. */
export async function restorePostgres(databaseUrl: string, file: string): Promise<Content> {
  return using(databaseUrl, async (client) => {
    const how = ['--clean', '--if-exists', '--single-transaction', '--exit-on-error'];
    await program('pg_restore', [...PLAIN, ...how, `--dbname=${client.database ?? ''}`, file], client);
    return contentOf(client);
  });
}

export const postgresRows = (databaseUrl: string): Promise<RowCounts> =>
  using(databaseUrl, async (client) => (await contentOf(client)).rows);

/** Who owns the tables is for the database that they are restored into. */
const PLAIN = ['--no-owner', '--no-privileges'];

async function contentOf(client: pg.Client): Promise<Content> {
  const list = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1";
  const tables = (await client.query<{ name: string }>(list)).rows.map(({ name }) => name);
  const rows: RowCounts = {};
  for (const name of tables.filter((table) => !table.startsWith('kysely_')))
    rows[name] = Number(
      (await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${pg.escapeIdentifier(name)}`)).rows[0]!
        .n,
    );
  if (!tables.includes('kysely_migration')) return { migrations: [], rows };
  const ran = await client.query<{ name: string }>('SELECT name FROM kysely_migration ORDER BY name');
  return { migrations: ran.rows.map(({ name }) => name), rows };
}

async function program(name: string, argv: readonly string[], client: pg.Client): Promise<void> {
  const child = spawn(name, argv, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...libpq(client) },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const failed = once(child, 'error').then(([error]) => Promise.reject(error as NodeJS.ErrnoException));
  try {
    const [code] = (await Promise.race([once(child, 'close'), failed])) as [number | null];
    if (code === 0) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new InputError(
      `${name} is not on PATH; it comes with the client of Postgres (package postgresql-client)`,
    );
  }
  throw new InputError(`${name} failed: ${said.trim().split('\n')[0] ?? ''}`);
}

/** As variables, because everybody sees a command line (https://www.postgresql.org/docs/15/libpq-envars.html). */
function libpq({ host, port, user, password, database, ssl }: pg.Client): Record<string, string> {
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user ?? '',
    PGPASSWORD: typeof password === 'string' ? password : '',
    PGDATABASE: database ?? '',
    PGSSLMODE: ssl ? 'require' : 'prefer',
  };
}

async function using<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
