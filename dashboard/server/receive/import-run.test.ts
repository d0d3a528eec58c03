import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signResults } from '@he300/benchmark/signing';
import { exampleRun, writeRun } from '../../../test/support/finished-run';
import { testServer, type TestServer } from '../test-services';
import { DirectoryStore } from './directory-store';
import { importRun } from './import-run';

const made = exampleRun();
const { runId } = made.results;

let place: string;
let run: string;
let server: TestServer;
beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'he300-import-'));
  run = writeRun(join(place, 'run'), made);
  server = await testServer({ artifacts: new DirectoryStore(join(place, 'artifacts')) });
});
afterEach(async () => {
  await server.close();
  rmSync(place, { recursive: true });
});

const kept = async () => {
  const { db } = server.store;
  return {
    runs: await db.selectFrom('run').selectAll().execute(),
    samples: await db.selectFrom('sample').select('position').execute(),
    artifacts: (await db.selectFrom('artifact').select('name').execute()).map(({ name }) => name).sort(),
    categories: await db.selectFrom('category_result').select('category').execute(),
    audit: await db.selectFrom('audit').select(['action', 'actor', 'target']).execute(),
  };
};
const edit = (name: string, change: (text: string) => string): void =>
  writeFileSync(join(run, name), change(readFileSync(join(run, name), 'utf8')));
const sign = (results: object): string =>
  JSON.stringify(signResults(JSON.stringify(results), generateKeyPairSync('ed25519').privateKey));

test('takes a finished run as if its host had reported it, once', async () => {
  writeFileSync(join(run, 'report.html'), '<p>a report</p>');
  expect(await importRun(server, run)).toEqual({ runId, isNew: true });
  const first = await kept();
  const { overall } = made.results.score;
  expect(first.runs).toEqual([
    expect.objectContaining({
      ...{
        id: runId,
        environment: 'dev',
        state: 'COMPLETED',
        signature: 'verified',
        signature_problem: null,
      },
      ...{ correct: overall.correct, accuracy: overall.accuracy, started_at: made.results.startedAt },
      ...{ ended_at: made.results.endedAt, results: JSON.stringify(made.results), whole: 0 },
    }),
  ]);
  expect(first.samples).toHaveLength(made.samples.length);
  expect(first.categories).toHaveLength(made.results.score.categories.length);
  expect(first.artifacts).toEqual(['report.html', 'results.json', 'samples.jsonl']);
  expect(first.audit).toEqual([{ action: 'run.import', actor: 'cli', target: runId }]);

  server.turnClock(60);
  expect(await importRun(server, run)).toEqual({ runId, isNew: false });
  expect(await kept()).toEqual(first);
});

test.each<[string, RegExp, () => void]>([
  ['no directory', /no directory/, () => rmSync(run, { recursive: true })],
  ['no results', /no results\.json/, () => rmSync(join(run, 'results.json'))],
  ['no samples', /no samples\.jsonl/, () => rmSync(join(run, 'samples.jsonl'))],
  [
    'a changed result',
    /signature does not hold/,
    () => edit('results.json', (t) => t.replace('llama3', 'llama4')),
  ],
  [
    'a changed sample',
    /not the ones of the result/,
    () => edit('samples.jsonl', (t) => t.replace(': so most', ': so many')),
  ],
  ['a sample cut off', /line \d+/, () => edit('samples.jsonl', (t) => t.slice(0, -9))],
  [
    'a partial result',
    /partial/,
    () =>
      edit('results.json', () =>
        sign({ ...made.results, partial: { reason: 'it was stopped', scored: 0.5 } }),
      ),
  ],
  ['a plan that is none', /plan\.json: no JSON/, () => writeFileSync(join(run, 'plan.json'), '{')],
  [
    'prompts that are not the ones',
    /SHA-256/,
    () =>
      writeFileSync(
        join(run, 'prompts.jsonl'),
        `${JSON.stringify({ schema: 'he300.prompt/v1', sha256: 'a'.repeat(64), messages: [{ role: 'user', content: 'x' }] })}\n`,
      ),
  ],
])('refuses %s, and takes nothing', async (_, problem, spoil) => {
  spoil();
  await expect(importRun(server, run)).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringMatching(problem),
  });
  const { runs, artifacts } = await kept();
  expect([runs, artifacts]).toEqual([[], []]);
});

test('refuses another run under an id that is taken, and changes nothing', async () => {
  await importRun(server, run);
  const before = await kept();
  edit('results.json', () => sign(made.results));
  await expect(importRun(server, run)).rejects.toThrow(`the dashboard has another run ${runId}`);
  expect(await kept()).toEqual(before);
});
