/** The dashboard's server and command line as processes: start, stop, backup while it writes, restore. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openStore } from '../../dashboard/server/store/database';
import { endProcess } from '../support/end-process';
import { freePort } from '../support/free-port';
import { call } from '../support/he300';
import { PROGRAM } from '../support/dashboard-process';
import { withPostgres } from '../support/postgres';
import { describeWithTools } from '../support/skip';

jest.setTimeout(240_000);

let directory: string;
let running: ChildProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'he300-dashboard-'));
});
afterEach(async () => {
  await Promise.all(running.map(endProcess));
  running = [];
  rmSync(directory, { recursive: true, force: true });
});

type Variables = Readonly<Record<string, string>>;

const cli = (env: Variables, ...argv: readonly string[]) => call({ program: PROGRAM, argv, env });

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  /** Undefined when there was one before. */
  readonly token: string | undefined;
  output(): string;
}

/** Resolves when it says where it listens. */
async function start(env: Variables): Promise<Started> {
  const child = spawn(process.execPath, [PROGRAM, 'serve'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [, url] = /^he300-dashboard: (http:\S+)$/m.exec(said) ?? [];
      const [, token] = /^admin token, shown this once: (\S+)$/m.exec(said) ?? [];
      if (url) resolve({ child, url, token, output: () => said });
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
}

async function stop({ child }: Started): Promise<number | null> {
  const exit = once(child, 'exit') as Promise<[number | null]>;
  child.kill('SIGTERM');
  return (await exit)[0];
}

const newToken = (url: string, admin: string, name: string): Promise<Response> =>
  fetch(`${url}/api/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, role: 'viewer' }),
  });

test('a key of its surroundings is for an environment that has none: a restart takes no rotation back', async () => {
  const key = `whsec_${Buffer.alloc(32, 'k').toString('base64')}`;
  const env = { HE300_DATA_DIR: join(directory, 'data'), PORT: '0', HE300_WEBHOOK_KEYS: `dev=${key}` };
  await stop(await start(env));
  const given = (await cli(env, 'webhook-key', 'list')).stdout;
  expect((await cli(env, 'webhook-key', 'rotate', 'dev')).code).toBe(0);
  const rotated = (await cli(env, 'webhook-key', 'list')).stdout;
  expect(rotated).not.toBe(given);
  await stop(await start(env));
  expect((await cli(env, 'webhook-key', 'list')).stdout).toBe(rotated);
});

test('it starts on nothing, tells a token once, and ends with what was begun finished', async () => {
  const env = { HE300_DATA_DIR: join(directory, 'data'), PORT: '0' };
  const first = await start(env);
  const headers = { authorization: `Bearer ${first.token}` };
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${first.url}/api/session`, { headers })).json()).toMatchObject({
    role: 'admin',
  });

  const live = await fetch(`${first.url}/api/live`, { headers });
  const ended = live.text().then(
    () => 'ended',
    () => 'ended',
  );
  // A request whose body is still on its way when the server is told to stop.
  const body = JSON.stringify({ name: 'late', role: 'viewer' });
  const late = request(`${first.url}/api/tokens`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'content-length': body.length },
  });
  const answered = once(late, 'response') as Promise<[{ statusCode: number; resume(): void }]>;
  late.write(body.slice(0, 10));
  await once(late, 'socket');
  // The server has the beginning once it has answered what was sent after it.
  expect((await fetch(`${first.url}/healthz`)).status).toBe(200);

  const exit = stop(first);
  expect(await ended).toBe('ended');
  late.end(body.slice(10));
  const [response] = await answered;
  response.resume();
  expect(response.statusCode).toBe(201);
  expect(await exit).toBe(0);
  expect(first.output()).toContain('"message":"stopped"');

  const second = await start(env);
  expect(second.token).toBeUndefined();
  const list = await fetch(`${second.url}/api/tokens`, { headers });
  expect(((await list.json()) as { name: string }[]).map(({ name }) => name).sort()).toEqual([
    'first',
    'late',
  ]);
  expect(await stop(second)).toBe(0);
});

test('a port that is taken is told in one line', async () => {
  const PORT = String(await freePort());
  await start({ HE300_DATA_DIR: join(directory, 'one'), PORT });
  const { code, stderr, stdout } = await cli({ HE300_DATA_DIR: join(directory, 'two'), PORT }, 'serve');
  const [line, ...more] = stderr
    .trim()
    .split('\n')
    .filter((text) => !text.startsWith('admin token'));
  expect([code, line, more]).toEqual([
    1,
    `he300-dashboard: port ${PORT} of 127.0.0.1 is taken; allowed: another PORT`,
    [],
  ]);
  expect(stdout).not.toContain('listening');
});

/** Tokens are numbered, and each is made together with its entry in the audit log: a copy that is torn shows it. */
async function expectWholeCopy(store: ReturnType<typeof openStore>): Promise<number> {
  const tokens = await store.db
    .selectFrom('token')
    .select(['id', 'name'])
    .where('role', '=', 'viewer')
    .execute();
  const told = await store.db
    .selectFrom('audit')
    .select('target')
    .where('action', '=', 'token.create')
    .execute();
  await store.db.destroy();
  const numbers = tokens.map(({ name }) => Number(name)).sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, i) => i));
  expect(told.map(({ target }) => target).sort()).toEqual(tokens.map(({ id }) => id).sort());
  return numbers.length;
}

/** Writes without a pause while `work` goes on. */
async function whileWriting(server: Started, work: () => Promise<void>): Promise<number> {
  let [written, going] = [0, true];
  const writing = (async () => {
    for (; going; written++)
      expect((await newToken(server.url, server.token!, String(written))).status).toBe(201);
  })();
  try {
    await work();
  } finally {
    going = false;
    await writing;
  }
  return written;
}

test('copies of SQLite that are taken while it writes are whole, and restore', async () => {
  const env = { HE300_DATA_DIR: join(directory, 'data'), PORT: '0' };
  const server = await start(env);
  const rows: number[] = [];
  const written = await whileWriting(server, async () => {
    for (const name of ['a', 'b']) {
      const file = join(directory, name);
      expect(await cli(env, 'backup', file)).toMatchObject({ code: 0 });
      const other = { HE300_DATA_DIR: join(directory, `restored-${name}`) };
      expect(await cli(other, 'restore', file)).toMatchObject({ code: 0, stderr: '' });
      rows.push(await expectWholeCopy(openStore({ path: join(other.HE300_DATA_DIR, 'dashboard.sqlite') })));
    }
  });
  expect(rows).toEqual([...rows].sort((a, b) => a - b));
  expect(rows[1]).toBeGreaterThan(rows[0]!);
  expect(written).toBeGreaterThanOrEqual(rows[1]!);

  const inUse = await cli(env, 'restore', join(directory, 'a'), '--force');
  expect([inUse.code, inUse.stderr]).toEqual([
    1,
    expect.stringMatching(/is in use; stop the server first\n$/),
  ]);
  expect(await stop(server)).toBe(0);
  const refused = await cli(env, 'restore', join(directory, 'a'));
  expect(refused.stderr).toMatch(
    /^he300-dashboard: the store has \d+ rows already; allowed: an empty one, or --force\n$/,
  );
  expect(await cli(env, 'restore', join(directory, 'a'), '--force')).toMatchObject({ code: 0 });
  expect(await expectWholeCopy(openStore({ path: join(env.HE300_DATA_DIR, 'dashboard.sqlite') }))).toBe(
    rows[0],
  );
  const kept = readdirSync(env.HE300_DATA_DIR).find((name) => name.includes('.before-'))!;
  expect(await expectWholeCopy(openStore({ path: join(env.HE300_DATA_DIR, kept) }))).toBe(written);
});

describeWithTools(['postgres'], 'with Postgres', ({ postgres }) => {
  const cluster = withPostgres(postgres);
  const PATH = `${dirname(postgres.path)}:${process.env['PATH']}`;
  const variables = async () => ({
    ...{ HE300_DATA_DIR: join(directory, 'data'), PORT: '0', PATH },
    DATABASE_URL: await cluster.newDatabase(),
  });

  test('copies that are taken while it writes are whole, and restore', async () => {
    const env = await variables();
    const server = await start(env);
    const file = join(directory, 'copy');
    await whileWriting(server, async () => {
      expect(await cli(env, 'backup', file)).toMatchObject({ code: 0, stderr: '' });
    });
    expect(await stop(server)).toBe(0);

    const empty = await variables();
    expect(await cli(empty, 'restore', file)).toMatchObject({ code: 0, stderr: '' });
    const rows = await expectWholeCopy(openStore({ path: '', databaseUrl: empty.DATABASE_URL }));
    const refused = await cli(env, 'restore', file);
    expect(refused.stderr).toMatch(/^he300-dashboard: the store has \d+ rows already/);
    expect(await cli(env, 'restore', file, '--force')).toMatchObject({ code: 0 });
    expect(await expectWholeCopy(openStore({ path: '', databaseUrl: env.DATABASE_URL }))).toBe(rows);
  });

  test('without pg_dump, and without the database, one line says so', async () => {
    const env = await variables();
    expect(await cli(env, 'migrate')).toMatchObject({ code: 0 });
    const file = join(directory, 'copy');
    const without = await cli({ ...env, PATH: directory }, 'backup', file);
    expect([without.code, without.stderr]).toEqual([
      1,
      'he300-dashboard: pg_dump is not on PATH; it comes with the client of Postgres (package postgresql-client)\n',
    ]);
    const gone = { ...env, DATABASE_URL: `postgres://x@127.0.0.1:${await freePort()}/x` };
    const { code, stderr } = await cli(gone, 'backup', file);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^he300-dashboard: .*ECONNREFUSED.*\n$/)]);
    expect(readdirSync(directory)).not.toContain('copy');
  });
});
