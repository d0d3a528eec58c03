import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runQuery } from '../../dashboard/api/run';
import { sampleQuery } from '../../dashboard/api/sample';
import { compareRuns } from '../../dashboard/server/store/compare';
import { storeContract } from '../../dashboard/server/store/contract';
import { openStore, type Store } from '../../dashboard/server/store/database';
import {
  addCompleteRun,
  addPrompt,
  addSamples,
  minute,
  pendingRun,
} from '../../dashboard/server/store/filled';
import { migrate } from '../../dashboard/server/store/migrate';
import { leaderboard } from '../../dashboard/server/store/models';
import { overviewOf } from '../../dashboard/server/store/overview';
import { runDetailOf } from '../../dashboard/server/store/run-detail';
import { summariesOf } from '../../dashboard/server/store/run-summary';
import { runPageOf } from '../../dashboard/server/store/runs';
import { samplePageOf } from '../../dashboard/server/store/samples';
import { trendOf } from '../../dashboard/server/store/trends';
import { withPostgres } from '../support/postgres';
import { describeWithTools } from '../support/skip';

const PROGRAM = join(__dirname, '../../dashboard/bin/he300-dashboard.mjs');

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'he300-store-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

let files = 0;
const sqliteFile = () => join(dir, `${++files}.sqlite`);

describe('SQLite in a file', () => {
  storeContract(async () => openStore({ path: sqliteFile() }));

  test('several processes may bring it up to date at once', async () => {
    const dataDir = join(dir, 'together');
    mkdirSync(dataDir);
    const env = { ...process.env, HE300_DATA_DIR: dataDir };
    const migrating = () => promisify(execFile)(process.execPath, [PROGRAM, 'migrate'], { env });
    const said = await Promise.all([migrating(), migrating(), migrating()]);
    expect(said.filter(({ stdout }) => stdout.includes('001-first'))).toHaveLength(1);
    const store = openStore({ path: join(dataDir, 'dashboard.sqlite') });
    expect(await migrate(store)).toEqual([]);
    await store.db.destroy();
  }, 60_000);
});

describeWithTools(['postgres'], 'Postgres', ({ postgres }) => {
  const cluster = withPostgres(postgres);
  const open = (databaseUrl: string) => openStore({ path: '', databaseUrl, mostConnections: 4 });

  storeContract(async () => open(await cluster.newDatabase()));

  test('two servers may start at once', async () => {
    const url = await cluster.newDatabase();
    await startTogether([open(url), open(url)]);
  });

  test('it answers every question as SQLite does', async () => {
    const stores = [openStore({ path: sqliteFile() }), open(await cluster.newDatabase())];
    const answers = [];
    for (const store of stores) {
      await migrate(store);
      await fill(store);
      answers.push(await everyAnswer(store));
      await store.db.destroy();
    }
    expect(answers[1]).toEqual(answers[0]);
  });
});

/** Both bring the tables to what is needed; one does it, the other waits; each sees what the other writes. */
async function startTogether(servers: readonly [Store, Store]): Promise<void> {
  const [a, b] = servers;
  const done = await Promise.all(servers.map(migrate));
  expect(done.flat()).toEqual(['001-first']);
  await a.db.insertInto('run').values(pendingRun('dev-a')).execute();
  await b.db.insertInto('run').values(pendingRun('dev-b')).execute();
  const ids = async ({ db }: Store) =>
    (await runPageOf(db, runQuery.parse({}))).items.map(({ runId }) => runId);
  expect(await ids(a)).toEqual(['dev-b', 'dev-a']);
  expect(await ids(b)).toEqual(['dev-b', 'dev-a']);
  await Promise.all(servers.map(({ db }) => db.destroy()));
}

const MODELS = ['b', 'Ä', 'a', 'B', 'a b'];

async function fill({ db }: Store): Promise<void> {
  await addPrompt(db);
  for (let i = 0; i < 25; i++) {
    const accuracy = ((i * 7) % 11) / 11;
    const [id, model] = [`dev-${i}`, MODELS[i % MODELS.length]!];
    await addCompleteRun(db, id, {
      ...{ model, accuracy, low95: accuracy / 2, ended_at: minute(i), created_at: minute(i % 4) },
      ...{ cost_usd: i % 3 === 0 ? null : i / 7, whole: i % 5 === 0 ? 0 : 1, branch: i % 2 ? 'main' : null },
    });
    await addSamples(
      db,
      id,
      Array.from({ length: 30 }, (_, k) => ((k * (i + 3)) % 7 < 3 ? '+' : '-?!'[k % 3])).join(''),
    );
  }
  await db
    .insertInto('run')
    .values([pendingRun('dev-x'), pendingRun('prod-y', { state: 'LOST' })])
    .execute();
}

async function everyAnswer({ db }: Store): Promise<unknown> {
  const lists = [];
  for (const sort of runQuery.shape.sort.unwrap().options)
    for (let cursor: string | undefined | null; cursor !== null;) {
      const page = await runPageOf(db, { sort, limit: 4, ...(cursor === undefined ? {} : { cursor }) });
      lists.push(page);
      cursor = page.nextCursor;
    }
  const sampleQueries = [{}, { outcome: 'wrong,error' }, { q: 'clerk matches' }, { limit: 3 }];
  return {
    lists,
    searched: await Promise.all(
      ['DEV-1', 'a b', 'MAIN', 'Ä', 'ä', '_'].map((q) => runPageOf(db, runQuery.parse({ q }))),
    ),
    details: await Promise.all(['dev-3', 'dev-x'].map((id) => runDetailOf(db, id))),
    samples: await Promise.all(
      sampleQueries.map((query) => samplePageOf(db, 'dev-3', sampleQuery.parse(query))),
    ),
    comparison: await compareRuns(db, await summariesOf(db, ['dev-1', 'dev-2', 'dev-3']), {
      intersect: false,
    }),
    trends: await Promise.all(MODELS.map((model) => trendOf(db, { model, spec: '1.0', limit: 30 }))),
    models: await leaderboard(db),
    overview: await overviewOf(db),
  };
}
