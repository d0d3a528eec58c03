import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArtifactStore } from '../receive/artifact-store';
import { markLost } from '../receive/lost';
import { testServer, type TestServer } from '../test-services';
import { seedDemo } from './seed-demo';

// All of 2400 samples, while other tests run.
jest.setTimeout(60_000);

let directory: string;
let server: TestServer;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'he300-demo-'));
  server = await testServer({ artifacts: openArtifactStore({ kind: 'directory', path: directory }) });
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

test('makes runs of every end, signed, whole, and all marked as made up', async () => {
  const ids = await seedDemo(server);
  await markLost(server.store.db, server.now());
  const runs = await server.store.db.selectFrom('run').selectAll().execute();
  expect(runs.map(({ id }) => id).sort()).toEqual([...ids].sort());
  const states = runs.map(({ state }) => state);
  expect([...new Set(states)].sort()).toEqual(['CANCELLED', 'COMPLETED', 'FAILED', 'LOST', 'RUNNING']);
  for (const run of runs) {
    expect(run).toMatchObject({ environment: 'demo', model: expect.stringMatching(/^demo\//) as string });
    const complete = run.state === 'COMPLETED';
    expect([run.id, run.signature, run.whole]).toEqual([
      run.id,
      complete ? 'verified' : 'missing',
      complete ? 1 : 0,
    ]);
  }
  const samples = await server.store.db
    .selectFrom('sample')
    .select((e) => ['run_id', e.fn.countAll().as('n')])
    .groupBy('run_id')
    .execute();
  expect(samples.map(({ n }) => Number(n))).toEqual(Array<number>(8).fill(300));

  await expect(seedDemo(server)).rejects.toThrow('the demo is there already: run demo-dogwood-1');
  const token = await server.store.db
    .selectFrom('token')
    .selectAll()
    .where('name', '=', 'seed-demo')
    .execute();
  expect(token).toMatchObject([
    { role: 'runner', environment: 'demo', revoked_at: server.now().toISOString() },
  ]);
});
