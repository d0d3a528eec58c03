/** A real Postgres for the tests: a cluster of its own on a loopback port, thrown away afterwards. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Tool } from '../../ops/lib/tool';
import { endProcess } from './end-process';
import { freePort } from './free-port';

const START_LIMIT_MS = 60_000;
const USER = 'he300';
/** As people sort, which a hosted database does too, and not by code points: nothing may lean on either. */
const SORTED = ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'];

export interface PostgresCluster {
  /** Makes an empty database, and gives its `postgres://` URL. */
  newDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** @param postgres the server's program; `initdb` stands beside it */
export async function startPostgres({ path }: Tool): Promise<PostgresCluster> {
  const dir = mkdtempSync(join(tmpdir(), 'he300-postgres-'));
  const who = nobody();
  if (who) chownSync(dir, who.uid, who.gid);
  const data = join(dir, 'data');
  const port = await freePort();
  const as = { cwd: dir, ...who };
  run(
    join(dirname(path), 'initdb'),
    ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '-N', ...SORTED],
    as,
  );
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${dir}`];
  // Nobody needs these data after a crash of the machine; a crash of the server alone loses nothing.
  const child = spawn(
    path,
    ['-D', data, ...[...settings, 'fsync=off'].flatMap((setting) => ['-c', setting])],
    {
      ...as,
      stdio: 'ignore',
    },
  );
  const stop = async (): Promise<void> => {
    // SIGINT ends sessions that are still open; SIGTERM would wait for them.
    if (child.exitCode === null) child.kill('SIGINT');
    await endProcess(child);
    rmSync(dir, { recursive: true, force: true });
  };
  const url = (database: string) => `postgres://${USER}@127.0.0.1:${port}/${database}`;
  let databases = 0;
  try {
    await untilAnswering(url('postgres'), child);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    async newDatabase() {
      const name = `test${++databases}`;
      await query(url('postgres'), `create database ${name}`);
      return url(name);
    },
    stop,
  };
}

/** One cluster for the suite it is called in. */
export function withPostgres(tool: Tool): Pick<PostgresCluster, 'newDatabase'> {
  let cluster: PostgresCluster | undefined;
  beforeAll(async () => {
    cluster = await startPostgres(tool);
  }, 2 * START_LIMIT_MS);
  afterAll(() => cluster?.stop());
  return {
    async newDatabase() {
      if (!cluster) throw new Error('Postgres is not running outside of hooks and tests');
      return cluster.newDatabase();
    },
  };
}

/** Postgres refuses to run as root. */
function nobody(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(run('id', [flag, 'nobody'], {}));
  return { uid: id('-u'), gid: id('-g') };
}

function run(
  path: string,
  args: readonly string[],
  options: { cwd?: string; uid?: number; gid?: number },
): string {
  const { status, stdout, stderr, error } = spawnSync(path, args, { ...options, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${path} failed: ${error?.message ?? stderr.trim()}`);
  return stdout;
}

async function untilAnswering(url: string, child: ChildProcess): Promise<void> {
  for (const started = Date.now(); Date.now() - started < START_LIMIT_MS; await delay(50)) {
    if (child.exitCode !== null) throw new Error(`postgres ended with exit code ${child.exitCode}`);
    if (
      await query(url, 'select 1').then(
        () => true,
        () => false,
      )
    )
      return;
  }
  throw new Error(`postgres did not answer within ${START_LIMIT_MS / 1000} s`);
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end();
  }
}
