/** Makes a throw-away Postgres ask for passwords, which it otherwise does not. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const LIMIT_MS = 30_000;

/**
 * From now on nobody gets in without a password; sessions that are open stay.
 * @param url of a superuser who has none yet
 * @returns the same with the password that he has now
 */
export async function askPasswords(url: string): Promise<string> {
  const password = randomUUID();
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(`ALTER ROLE CURRENT_USER PASSWORD '${password}'`);
    const { rows } = await client.query<{ readonly hba_file: string }>('SHOW hba_file');
    await client.query(`COPY (SELECT 'host all all 127.0.0.1/32 scram-sha-256') TO '${rows[0]!.hba_file}'`);
    await client.query('SELECT pg_reload_conf()');
  } finally {
    await client.end();
  }
  await untilRefused(url);
  return withPassword(url, password);
}

/** The server reads its settings again when it comes to it. */
async function untilRefused(url: string): Promise<void> {
  for (const started = Date.now(); Date.now() - started < LIMIT_MS; await delay(20)) {
    const client = new pg.Client(withPassword(url, 'wrong'));
    try {
      await client.connect();
    } catch (error) {
      if ((error as { readonly code?: string }).code === '28P01') return;
      throw error;
    } finally {
      await client.end();
    }
  }
  throw new Error(`postgres asked for no password within ${LIMIT_MS / 1000} s`);
}

function withPassword(url: string, password: string): string {
  const changed = new URL(url);
  changed.password = password;
  return changed.href;
}
