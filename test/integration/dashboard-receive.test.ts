/** What hosts bring, taken by a dashboard on a real Postgres: its own tests beside the code run on SQLite. */
import { hash } from 'node:crypto';
import { signResults } from '../../benchmark/src/run/signing';
import { removeOld } from '../../dashboard/server/receive/retention';
import { SenderDouble } from '../../dashboard/server/receive/sender.double';
import {
  filesServer,
  PROMPTS,
  RESULTS,
  SAMPLES,
  type FilesServer,
} from '../../dashboard/server/receive/test-files';
import { openStore } from '../../dashboard/server/store/database';
import { exampleRun, starterPrompts } from '../support/finished-run';
import { withPostgres } from '../support/postgres';
import { describeWithTools } from '../support/skip';

const made = exampleRun();
const suite = { ...made.results.suite, comparable: true };
const [first, ...others] = made.samples;
// Postgres takes no NUL in a text; the contract's answers may have one.
const samples = [{ ...first!, answer: 'a\0b' }, ...others];
const lines = (items: readonly unknown[]): string =>
  items.map((item) => `${JSON.stringify(item)}\n`).join('');

describeWithTools(['postgres'], 'a dashboard on Postgres', ({ postgres }) => {
  const cluster = withPostgres(postgres);
  let files: FilesServer;
  beforeEach(async () => {
    files = await filesServer(openStore({ path: '', databaseUrl: await cluster.newDatabase() }));
  });
  afterEach(() => files.close());

  const hostOf = (runId: string) => new SenderDouble(files.server, files.key, runId);

  /** From its start to its end, without the answers that the results bind. */
  async function live(host: SenderDouble): Promise<void> {
    const { prompts, model, score } = made.results;
    expect(await host.tell('run.started', { suite, prompts, model })).toBe(202);
    const results = signResults(JSON.stringify({ ...made.results, runId: host.runId, suite }), host.key);
    const text = JSON.stringify(results);
    expect((await host.upload(RESULTS, text)).status).toBe(201);
    expect((await host.upload(SAMPLES, lines(made.samples))).status).toBe(201);
    expect((await host.upload(PROMPTS, starterPrompts())).status).toBe(201);
    const { overall, categories } = score;
    expect(
      await host.tell('run.completed', { resultsSha256: hash('sha256', text), overall, categories }),
    ).toBe(202);
  }

  test('runs that end at once are each whole, and their model counts them all', async () => {
    const hosts = ['dev-i-1', 'dev-i-2', 'dev-i-3', 'dev-i-4'].map(hostOf);
    await Promise.all(hosts.map(live));
    for (const host of hosts)
      expect(await host.row()).toMatchObject({ state: 'COMPLETED', signature: 'verified', whole: 1 });
    const models = await files.server.store.db
      .selectFrom('model')
      .select(['name', 'complete_runs'])
      .execute();
    expect(models).toEqual([{ name: made.results.model.name, complete_runs: hosts.length }]);
  });

  test('answers with what Postgres takes in no text do not stop a server', async () => {
    const host = hostOf('dev-i-1');
    await host.tell('run.started', { suite });
    expect((await host.upload(SAMPLES, lines(samples))).status).toBe(201);
    expect(await host.row()).toMatchObject({ state: 'RUNNING', signature: 'missing' });
  });

  test('what is older than it is kept goes, and the figures stay', async () => {
    const host = hostOf('dev-i-1');
    await live(host);
    files.server.turnClock(31 * 86_400);
    expect(await removeOld(files.server)).toMatchObject({
      artifacts: 3,
      samples: made.samples.length,
      prompts: starterPrompts().trimEnd().split('\n').length,
      bodies: 2,
    });
    expect(files.filesIn()).toEqual([]);
    expect(await host.row()).toMatchObject({
      state: 'COMPLETED',
      correct: made.results.score.overall.correct,
    });
    expect((await host.events()).map(({ body }) => body)).toEqual([null, null]);
  });
});
