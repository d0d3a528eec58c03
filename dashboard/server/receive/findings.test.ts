import type { exampleEvents } from '@he300/benchmark/contract/examples';
import { signResults } from '@he300/benchmark/signing';
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { exampleRun, starterPrompts } from '../../../test/support/finished-run';
import type { TestServer } from '../test-services';
import { artifactKey } from './artifact-store';
import { removeOld } from './retention';
import { SenderDouble } from './sender.double';
import { settleLeftovers } from './settle';
import { filesServer, PROMPTS, REPORT, RESULTS, RUN, SAMPLES, type FilesServer } from './test-files';

const made = exampleRun();
// As if others could be held against it: the pack is our own, and short.
const suite = { ...made.results.suite, comparable: true };
const results = { ...made.results, runId: RUN, suite };
const samplesText = made.samples.map((sample) => `${JSON.stringify(sample)}\n`).join('');
const promptsText = starterPrompts();

let files: FilesServer;
let server: TestServer;
let host: SenderDouble;
beforeEach(async () => {
  files = await filesServer();
  ({ server, host } = files);
});
afterEach(() => files.close());

const rows = () => server.store.db.selectFrom('artifact').selectAll().execute();
const signedResults = (more: Partial<typeof results> = {}): string =>
  JSON.stringify(signResults(JSON.stringify({ ...results, ...more }), host.key));
const start = () =>
  host.tell('run.started', { suite: results.suite, prompts: results.prompts, model: results.model });
const complete = (resultsText: string, more: Partial<(typeof exampleEvents)['run.completed']> = {}) => {
  const { overall, categories } = results.score;
  return host.tell('run.completed', {
    resultsSha256: hash('sha256', resultsText),
    overall,
    categories,
    ...more,
  });
};
const sampleCount = async () =>
  (await server.store.db.selectFrom('sample').select('position').execute()).length;

describe('what a run found out', () => {
  const text = () => signedResults();

  test.each([
    ['results', 'samples', 'prompts', 'start', 'end'],
    ['start', 'end', 'samples', 'results', 'prompts'],
    ['prompts', 'start', 'samples', 'end', 'results'],
    ['samples', 'start', 'results', 'end', 'prompts'],
  ] as const)('is read in whatever order it comes: %s, %s, %s, %s, %s', async (...order) => {
    const resultsText = text();
    const steps = {
      results: () => host.upload(RESULTS, resultsText),
      samples: () => host.upload(SAMPLES, samplesText),
      prompts: () => host.upload(PROMPTS, promptsText),
      start,
      end: () => complete(resultsText),
    };
    for (const step of order) await steps[step]();
    expect(await host.row()).toMatchObject({
      state: 'COMPLETED',
      signature: 'verified',
      signature_problem: null,
    });
    expect(JSON.parse((await host.row())!.results!)).toEqual(results);
    expect(await sampleCount()).toBe(made.samples.length);
    const { db } = server.store;
    const asked = await db
      .selectFrom('sample')
      .innerJoin('prompt', 'prompt.sha256', 'sample.prompt_sha256')
      .select('sample.position')
      .execute();
    expect(asked).toHaveLength(made.samples.length);
    // Sent once more, all of it stands as it did.
    const before = await db.selectFrom('sample').selectAll().execute();
    for (const step of ['results', 'samples', 'prompts'] as const)
      expect(((await steps[step]()) as Response).status).toBe(200);
    expect(await db.selectFrom('sample').selectAll().execute()).toEqual(before);
    expect(await host.row()).toMatchObject({ signature: 'verified' });
  });

  test('waits for the samples, and says so', async () => {
    await start();
    await host.upload(RESULTS, text());
    expect(await host.row()).toMatchObject({
      signature: 'missing',
      signature_problem: 'samples.jsonl has not come',
    });
  });

  test.each<[string, string, () => Promise<unknown>]>([
    [
      'signed by another key',
      'another key has signed it',
      () => {
        const other = new SenderDouble(server, files.key, RUN);
        return host.upload(RESULTS, JSON.stringify(signResults(JSON.stringify(results), other.key)));
      },
    ],
    [
      'changed after it was signed',
      'the signature does not hold',
      () => {
        const signed = JSON.parse(text()) as { results: string };
        return host.upload(
          RESULTS,
          JSON.stringify({ ...signed, results: signed.results.replace('"seed":42', '"seed":43') }),
        );
      },
    ],
    ['of another run', 'it is of dev-i-2', () => host.upload(RESULTS, signedResults({ runId: 'dev-i-2' }))],
    [
      'of another model',
      'its model is not what the run said',
      () => host.upload(RESULTS, signedResults({ model: { ...results.model, name: 'other' } })),
    ],
    ['of no schema', 'results.json', () => host.upload(RESULTS, '{"a":1}')],
    ['no JSON', 'no JSON', () => host.upload(RESULTS, 'x')],
    [
      'with a sample that was changed',
      'not the ones of the result',
      () => host.upload(SAMPLES, samplesText.replace('"outcome":"wrong"', '"outcome":"correct"')),
    ],
    [
      'with a sample left out',
      'not the ones of the result',
      () => host.upload(SAMPLES, samplesText.slice(samplesText.indexOf('\n') + 1)),
    ],
    ['with a sample cut off', 'line', () => host.upload(SAMPLES, samplesText.slice(0, -20))],
    [
      'with a sample twice',
      'twice',
      () => host.upload(SAMPLES, samplesText + samplesText.slice(0, samplesText.indexOf('\n') + 1)),
    ],
    [
      'with a prompt that is not the one',
      'do not have their SHA-256',
      () => host.upload(PROMPTS, promptsText.replace('"content":"', '"content":"x')),
    ],
  ])('is not believed when it is %s, and nothing of it is read', async (_, problem, act) => {
    await start();
    await act();
    for (const [file, body] of [
      [RESULTS, text()],
      [SAMPLES, samplesText],
      [PROMPTS, promptsText],
    ] as const)
      await host.upload(file, body);
    expect(await host.row()).toMatchObject({
      signature: 'invalid',
      signature_problem: expect.stringContaining(problem),
      results: null,
    });
    expect([await sampleCount(), (await rows()).length]).toEqual([0, 3]);
    await complete(text());
    expect(await host.row()).toMatchObject({ state: 'COMPLETED', signature: 'invalid', whole: 0 });
  });

  test.each([
    ['another file', () => complete('another'), 'not the file that the run told of'],
    [
      'another score',
      () => complete(text(), { overall: { ...results.score.overall, correct: 0 } }),
      'its score is not',
    ],
  ])('is not believed when the end tells of %s', async (_, end, problem) => {
    await start();
    await host.upload(RESULTS, text());
    await host.upload(SAMPLES, samplesText);
    expect(await host.row()).toMatchObject({ signature: 'verified' });
    await end();
    expect(await host.row()).toMatchObject({
      signature: 'invalid',
      signature_problem: expect.stringContaining(problem),
    });
    expect(await sampleCount()).toBe(0);
  });

  test('keeps what no database takes in a text in a form that it takes', async () => {
    const answer = 'nul \0, half a pair \ud83d, <script>alert(1)</script>';
    const odd = exampleRun({ answer: () => answer });
    await host.tell('run.started', {
      suite: odd.results.suite,
      prompts: odd.results.prompts,
      model: odd.results.model,
    });
    const signed = JSON.stringify(signResults(JSON.stringify({ ...odd.results, runId: RUN }), host.key));
    await host.upload(RESULTS, signed);
    await host.upload(SAMPLES, odd.samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''));
    expect(await host.row()).toMatchObject({ signature: 'verified' });
    const kept = await server.store.db.selectFrom('sample').select('answer').distinct().execute();
    expect(kept).toEqual([{ answer: 'nul \ufffd, half a pair \ufffd, <script>alert(1)</script>' }]);
  });

  test('says what is wrong in words that every database takes', async () => {
    await start();
    await host.upload(RESULTS, JSON.stringify({ ...(JSON.parse(text()) as object), 'nul\0': 1 }));
    expect(await host.row()).toMatchObject({
      signature: 'invalid',
      signature_problem: expect.stringContaining('nul\ufffd'),
    });
  });

  test('does not read what a stopped run left', async () => {
    await start();
    await host.upload({ ...RESULTS, name: 'partial-0-results.json' }, 'x');
    expect(await host.row()).toMatchObject({ signature: 'missing', signature_problem: null });
  });

  test('is read later when the server was killed before it came to that', async () => {
    await start();
    for (const [file, body] of [
      [RESULTS, text()],
      [SAMPLES, samplesText],
    ] as const) {
      const sha256 = hash('sha256', body);
      await server.artifacts.put(
        artifactKey({ runId: RUN, name: file.name, sha256 }),
        Readable.from([Buffer.from(body)]),
      );
      const row = { run_id: RUN, ...file, bytes: body.length, sha256, stored_at: server.now().toISOString() };
      await server.store.db.insertInto('artifact').values(row).execute();
    }
    await settleLeftovers(server);
    expect(await host.row()).toMatchObject({ signature: 'verified' });
  });
});

test.each([
  ['results', RESULTS],
  ['prompts', PROMPTS],
])(
  'what was verified stands whatever %s come when the retention has taken the first ones',
  async (_, file) => {
    await start();
    const resultsText = signedResults();
    await host.upload(RESULTS, resultsText);
    await host.upload(SAMPLES, samplesText);
    await host.upload(PROMPTS, promptsText);
    await complete(resultsText);
    server.turnClock(31 * 86_400);
    await removeOld(server);
    const before = (await host.row())!;
    expect(before).toMatchObject({ signature: 'verified', results: expect.any(String) });
    expect((await host.upload(file, 'x')).status).toBe(201);
    expect(await host.row()).toEqual({ ...before, changed_at: server.now().toISOString() });
  },
);

test('the retention takes what is old, and keeps what is known of a run', async () => {
  await start();
  const resultsText = signedResults();
  await host.upload(RESULTS, resultsText);
  await host.upload(SAMPLES, samplesText);
  await host.upload(PROMPTS, promptsText);
  await complete(resultsText);
  expect(await removeOld(server)).toEqual({
    artifacts: 0,
    samples: 0,
    prompts: 0,
    bodies: 0,
    auditEntries: 0,
  });
  server.turnClock(29 * 86_400);
  const young = new SenderDouble(server, files.key, 'dev-i-2');
  await young.tell('run.started');
  await young.upload(REPORT, 'young');
  server.turnClock(2 * 86_400);

  const before = (await host.row())!;
  expect(await removeOld(server)).toEqual({
    ...{ artifacts: 3, samples: made.samples.length, bodies: 2, auditEntries: 0 },
    prompts: promptsText.trimEnd().split('\n').length,
  });
  expect(await host.row()).toEqual({ ...before, changed_at: server.now().toISOString() });
  expect(files.filesIn()).toEqual([hash('sha256', 'young')]);
  expect((await host.events()).map(({ body }) => body)).toEqual([null, null]);
  expect((await young.events())[0]!.body).toContain('run.started');
  const late = { ...host.event('run.started', { seq: 0, at: '2026-01-01T00:00:00.000Z' }) };
  expect(await host.post(host.letter(late))).toBe(422);

  server.turnClock(2557 * 86_400 + 1);
  expect((await removeOld(server)).auditEntries).toBeGreaterThan(5);
  const left = await server.store.db.selectFrom('audit').select('action').execute();
  expect(left).toEqual([{ action: 'retention' }]);
});
