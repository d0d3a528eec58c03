import { artifactPath, MAX_ARTIFACT_BYTES } from '@he300/benchmark/contract';
import type { exampleEvents } from '@he300/benchmark/contract/examples';
import { signResults } from '@he300/benchmark/signing';
import { hash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { exampleRun } from '../../../benchmark/src/report/example-run';
import { promptsFile } from '../../../benchmark/src/run/prompts-file';
import { HE300_V1 } from '../../../benchmark/src/prompts/he300-v1';
import { readDataset } from '../../../benchmark/src/dataset';
import { drawSample } from '../../../benchmark/src/sampling/draw';
import { bearer, testServer, type TestServer } from '../test-services';
import { artifactKey, type ArtifactStore } from './artifact-store';
import { DirectoryStore } from './directory-store';
import { removeOld } from './retention';
import { newKey, SenderDouble } from './sender.double';
import { settleLeftovers } from './settle';
import { setWebhookKey } from './webhook-keys';

const RUN = 'dev-i-1';
const DEV = newKey('d');
const RESULTS = { name: 'results.json', kind: 'results', content_type: 'application/json' };
const SAMPLES = { name: 'samples.jsonl', kind: 'samples', content_type: 'application/jsonl' };
const PROMPTS = { name: 'prompts.jsonl', kind: 'prompts', content_type: 'application/jsonl' };
const REPORT = { name: 'report.html', kind: 'report', content_type: 'text/html' };

const made = exampleRun();
// As if others could be held against it: the pack is our own, and short.
const suite = { ...made.results.suite, comparable: true };
const results = { ...made.results, runId: RUN, suite };
const samplesText = made.samples.map((sample) => `${JSON.stringify(sample)}\n`).join('');
const promptsText = promptsFile(HE300_V1, drawSample(readDataset('starter', '').scenarios, 'starter', 42));

let directory: string;
let failing: Error | undefined;
let server: TestServer;
let host: SenderDouble;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'he300-artifacts-'));
  failing = undefined;
  server = await testServer({ artifacts: breakable(new DirectoryStore(directory)) });
  await setWebhookKey(server, { environment: 'dev', key: DEV, overlapHours: 24 }, 'test');
  host = new SenderDouble(server, DEV, RUN);
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

/** Fails in the middle of a file, as a full disk does. */
const breakable = (store: ArtifactStore): ArtifactStore => ({
  get: (key, range) => store.get(key, range),
  remove: (key) => store.remove(key),
  put: (key, body) => store.put(key, failing ? half(body) : body),
});

async function* half(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const piece of body) {
    yield piece.subarray(0, piece.length / 2);
    throw failing!;
  }
}

const filesIn = (path = directory): string[] =>
  readdirSync(path, { withFileTypes: true, recursive: true } as const)
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
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
const get = (name: string, headers: Record<string, string> = {}) =>
  server.app.request(artifactPath(RUN, name), { headers: { ...bearer(server.tokens.viewer), ...headers } });

describe('an upload that is not kept leaves no byte behind', () => {
  afterEach(async () => expect([await rows(), filesIn()]).toEqual([[], []]));

  test('other bytes than were announced', async () => {
    expect((await host.upload(REPORT, 'x', { sha256: hash('sha256', 'y') })).status).toBe(422);
    expect((await host.upload(REPORT, 'cut of', { sha256: hash('sha256', 'cut off') })).status).toBe(422);
  });

  test('too many bytes, whether their number is said or not', async () => {
    const large = Buffer.alloc(MAX_ARTIFACT_BYTES + 1);
    expect((await host.upload(REPORT, large)).status).toBe(413);
    const lying = await server.app.request(artifactPath(RUN, 'report.html'), {
      ...{ method: 'PUT', body: large },
      headers: { 'content-length': String(MAX_ARTIFACT_BYTES * 2), ...headersOf('text/html') },
    });
    expect(lying.status).toBe(413);
  });

  test('a sender that goes away in the middle', async () => {
    let pieces = 0;
    const body = new ReadableStream({
      pull: (controller) =>
        pieces++ < 3 ? controller.enqueue(Buffer.alloc(70_000)) : controller.error(new Error('gone')),
    });
    const init = { method: 'PUT', body, duplex: 'half', headers: headersOf('text/html') } as RequestInit;
    expect((await server.app.request(artifactPath(RUN, 'report.html'), init)).status).toBe(503);
  });

  test('a disk that is full: the sender is told to come again, and may', async () => {
    failing = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    expect((await host.upload(REPORT, 'a report')).status).toBe(503);
    expect([await rows(), filesIn()]).toEqual([[], []]);
    failing = undefined;
    expect((await host.upload(REPORT, 'a report')).status).toBe(201);
    await server.store.db.deleteFrom('artifact').execute();
    rmSync(join(directory, 'runs'), { recursive: true });
  });

  test.each([
    ['dev-i-1/../../x', 'report.html'],
    [RUN, '../../etc/passwd'],
    [RUN, '..'],
    [RUN, '.hidden'],
    [RUN, 'a\0b'],
    ['..', 'report.html'],
    ['nothing', 'report.html'],
  ])('a path that leads elsewhere: %j/%j', async (runId, name) => {
    const path = `/api/runs/${encodeURIComponent(runId)}/artifacts/${encodeURIComponent(name)}`;
    const init = { method: 'PUT', body: 'x', headers: headersOf('text/html') };
    expect([400, 404]).toContain((await server.app.request(path, init)).status);
  });

  test('a role that may only look, a token of another environment, and none', async () => {
    const body = JSON.stringify({ name: 'prod', role: 'runner', environment: 'prod' });
    const headers = { ...bearer(server.tokens.admin), 'content-type': 'application/json' };
    const prod = await server.app.request('/api/tokens', { method: 'POST', headers, body });
    const { secret } = (await prod.json()) as { secret: string };
    expect((await host.upload(REPORT, 'x', { token: secret })).status).toBe(403);
    expect((await host.upload(REPORT, 'x', { token: server.tokens.viewer })).status).toBe(403);
    expect((await host.upload(REPORT, 'x', { token: 'he300_no' })).status).toBe(401);
  });

  test('a kind, a type or a digest that the contract does not have', async () => {
    expect((await host.upload({ ...REPORT, kind: 'program' }, 'x')).status).toBe(400);
    expect((await host.upload({ ...REPORT, content_type: 'text/javascript' }, 'x')).status).toBe(400);
    expect((await host.upload(REPORT, 'x', { sha256: 'ab' })).status).toBe(400);
  });
});

const headersOf = (type: string): Record<string, string> => ({
  ...bearer(server.tokens.runner),
  'content-type': type,
  'he300-artifact-kind': 'report',
  'content-digest': `sha-256=:${hash('sha256', 'x', 'base64')}:`,
});

test('what is kept under a name stays', async () => {
  expect((await host.upload(REPORT, 'first')).status).toBe(201);
  expect((await host.upload(REPORT, 'first')).status).toBe(200);
  expect((await host.upload(REPORT, 'second')).status).toBe(409);
  expect(await (await get('report.html')).text()).toBe('first');
  expect(filesIn()).toEqual([hash('sha256', 'first')]);
  expect(await host.row()).toMatchObject({ state: 'PENDING', environment: 'dev' });
});

test('of two uploads at once one is kept, and the other is told so', async () => {
  const answers = await Promise.all([host.upload(REPORT, 'one'), host.upload(REPORT, 'two')]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  expect(filesIn()).toHaveLength(1);
  const same = await Promise.all(
    ['a', 'a', 'a'].map((text) => host.upload({ ...REPORT, name: 'log.txt' }, text)),
  );
  expect(same.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  expect(await (await get('log.txt')).text()).toBe('a');
});

test('a report is shown without scripts and without our origin, other files are handed over', async () => {
  await host.upload(REPORT, '<script>alert(1)</script>');
  await host.upload(RESULTS, '{}');
  const { headers } = await get('report.html');
  expect(headers.get('content-security-policy')).toMatch(/(^|; ?)sandbox(;|$)/);
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/);
  expect(headers.get('content-security-policy')).not.toMatch(/allow-|script-src/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-disposition')).toBe('inline; filename="report.html"');
  expect((await get('results.json')).headers.get('content-disposition')).toBe(
    'attachment; filename="results.json"',
  );
});

test('gives ranges of a file, and says when it has not changed', async () => {
  await host.upload(REPORT, '0123456789');
  const ask = async (range: string, more: Record<string, string> = {}) => {
    const answer = await get('report.html', { range, ...more });
    return [answer.status, await answer.text(), answer.headers.get('content-range')];
  };
  expect(await ask('bytes=2-4')).toEqual([206, '234', 'bytes 2-4/10']);
  expect(await ask('bytes=8-')).toEqual([206, '89', 'bytes 8-9/10']);
  expect(await ask('bytes=-3')).toEqual([206, '789', 'bytes 7-9/10']);
  expect(await ask('bytes=-99')).toEqual([206, '0123456789', 'bytes 0-9/10']);
  expect(await ask('bytes=10-')).toEqual([416, '', 'bytes */10']);
  expect(await ask('bytes=-0')).toEqual([416, '', 'bytes */10']);
  for (const whole of ['bytes=4-2', 'bytes=0-1,3-4', 'bytes=-', 'lines=1-2'])
    expect((await ask(whole))[0]).toBe(200);
  expect((await ask('bytes=2-4', { 'if-range': '"another"' }))[0]).toBe(200);
  const etag = (await get('report.html')).headers.get('etag')!;
  expect((await get('report.html', { 'if-none-match': etag })).status).toBe(304);
  const head = await server.app.request(artifactPath(RUN, 'report.html'), {
    ...{ method: 'HEAD', headers: bearer(server.tokens.viewer) },
  });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
  expect((await get('nothing.txt')).status).toBe(404);
});

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
        const other = new SenderDouble(server, DEV, RUN);
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
  const young = new SenderDouble(server, DEV, 'dev-i-2');
  await young.tell('run.started');
  await young.upload(REPORT, 'young');
  server.turnClock(2 * 86_400);

  const before = (await host.row())!;
  expect(await removeOld(server)).toEqual({
    ...{ artifacts: 3, samples: made.samples.length, bodies: 2, auditEntries: 0 },
    prompts: promptsText.trimEnd().split('\n').length,
  });
  expect(await host.row()).toEqual({ ...before, changed_at: server.now().toISOString() });
  expect(filesIn()).toEqual([hash('sha256', 'young')]);
  expect((await host.events()).map(({ body }) => body)).toEqual([null, null]);
  expect((await young.events())[0]!.body).toContain('run.started');
  const late = { ...host.event('run.started', { seq: 0, at: '2026-01-01T00:00:00.000Z' }) };
  expect(await host.post(host.letter(late))).toBe(422);

  server.turnClock(2557 * 86_400 + 1);
  expect((await removeOld(server)).auditEntries).toBeGreaterThan(5);
  const left = await server.store.db.selectFrom('audit').select('action').execute();
  expect(left).toEqual([{ action: 'retention' }]);
});
