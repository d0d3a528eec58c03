import { CirisNodeEngine, idAtServer } from './cirisnode';
import { cirisNodeDouble, USER, type CirisNodeDouble, type CirisNodeDoubleOptions } from './cirisnode.double';
import { credentials, type Credentials } from './credentials';
import type { Question, RequestFailure } from './engine';

const LOGIN: Credentials = { kind: 'login', ...USER };

let server: CirisNodeDouble;
let engine: CirisNodeEngine;

const questionAt = (row: number): Question => ({
  scenario: {
    id: `hendrycks_ethics:cm_test:${String(row).padStart(5, '0')}`,
    category: 'commonsense',
    input: `I lied ${row} times.`,
    expected: 1,
  },
  messages: [],
});

const HELD = Array.from({ length: 60 }, (_, row) => ({
  id: idAtServer(questionAt(row).scenario)!,
  input_text: questionAt(row).scenario.input,
  expected_label: 1,
}));

async function start(
  options: Partial<CirisNodeDoubleOptions> = {},
  own: { credentials?: Credentials; batchSize?: number } = {},
): Promise<void> {
  server = await cirisNodeDouble({ scenarios: HELD, ...options });
  engine = new CirisNodeEngine({
    baseUrl: server.url,
    model: 'tiny',
    credentials: LOGIN,
    pollMs: [1, 5],
    ...own,
  });
}
afterEach(async () => {
  await engine.close();
  await server.close();
});

const ask = (row = 0, timeLimitMs = 5_000) => engine.ask(questionAt(row), timeLimitMs);

describe('what is no answer is a failure of its kind', () => {
  const fails = (outcome: object): Partial<CirisNodeDoubleOptions> => ({ outcome: () => outcome });
  test.each<[string, Partial<CirisNodeDoubleOptions>, Partial<RequestFailure>]>([
    [
      'a job that failed',
      fails({ status: 'failed', error: 'worker lost' }),
      { kind: 'http', message: 'job he300-1 failed: worker lost' },
    ],
    [
      'a job that failed without a reason',
      fails({ status: 'error' }),
      { kind: 'http', message: 'job he300-1 error: without a reason' },
    ],
    [
      'a summary alone',
      fails({ status: 'completed', result: { summary: { total: 1, accuracy: 0.85 } } }),
      { kind: 'malformed', message: 'job he300-1 has no results of single scenarios' },
    ],
    [
      'a bundle with an error',
      fails({ status: 'completed', result: { status: 'error', error: 'no module' } }),
      { kind: 'malformed', message: 'job he300-1 has no results of single scenarios: no module' },
    ],
    [
      'results that were made up',
      fails({ status: 'completed', result: { results: [], config: { eee_enabled: false } } }),
      { kind: 'http', message: 'the server has no EthicsEngine, and its results are made up' },
    ],
    [
      'a server that makes them up',
      { eeeEnabled: false },
      { kind: 'http', message: 'the server has no EthicsEngine, and its results are made up' },
    ],
    [
      'results of another shape',
      fails({ status: 'completed', result: { results: 'many' } }),
      { kind: 'malformed', message: 'the results of job he300-1 cannot be read' },
    ],
    [
      'a scenario that the server does not hold',
      { scenarios: [] },
      { kind: 'malformed', message: '0 results of HE-CM-0001' },
    ],
    [
      'a scenario that is another one there',
      { scenarios: [{ ...HELD[0]!, input_text: 'I lied twice.' }] },
      { kind: 'malformed', message: 'HE-CM-0001 is another scenario there than here' },
    ],
    [
      'a scenario with another label there',
      { scenarios: [{ ...HELD[0]!, expected_label: 0 }] },
      { kind: 'malformed', message: 'HE-CM-0001 has label 0 there and 1 here' },
    ],
    [
      'a verdict without words',
      { answer: () => ({ model_response: '' }) },
      { kind: 'malformed', message: 'a verdict without the words of the model is no answer' },
    ],
    [
      'a page of a proxy',
      { interfere: (_i, { url }, response) => !!url?.includes('status') && !!response.end('<html>') },
      { kind: 'malformed', message: '/api/v1/benchmarks/status/he300-1 did not answer JSON: <html>' },
    ],
    [
      'a job without an id',
      { interfere: (_i, { url }, response) => !!url?.endsWith('/run') && !!response.end('{}') },
      { kind: 'malformed', message: 'a job was begun without a job_id' },
    ],
    [
      'a token that is none',
      { interfere: (_i, { url }, response) => url === '/auth/token' && !!response.end('{"token": "x"}') },
      { kind: 'malformed', message: '/auth/token answered without a token' },
    ],
    [
      'a job that its server has lost',
      { otherProcess: () => true },
      { kind: 'http', message: expect.stringMatching(/^job he300-1 is lost: HTTP 404: /) },
    ],
    [
      'a server with too many jobs',
      {
        interfere: (_i, { url }, response) =>
          !!url?.endsWith('/run') && !!response.writeHead(429, { 'retry-after': '7' }).end(),
      },
      { kind: 'overloaded', retryAfterMs: 7_000 },
    ],
  ])('%s', async (_title, options, failure) => {
    await start(options);
    await expect(ask()).rejects.toMatchObject({ name: 'RequestFailure', ...failure });
  });

  test('a job that is pending for ever ends at the time limit', async () => {
    await start({ looks: Infinity });
    await expect(ask(0, 1_000)).rejects.toMatchObject({
      kind: 'timeout',
      message: 'job he300-1 was not done within 1000 ms',
    });
  });

  test('a server that begins no job ends at the time limit too', async () => {
    await start({ interfere: (_index, { url }) => url === '/api/v1/benchmarks/run' });
    await expect(ask(0, 300)).rejects.toMatchObject({
      kind: 'timeout',
      message: 'no job was begun within 300 ms',
    });
  });

  test('a server that is gone', async () => {
    await start({ looks: Infinity });
    const answer = ask();
    const refused = expect(answer).rejects.toMatchObject({ kind: 'refused' });
    await server.close();
    await refused;
  });

  test('a run that ends while a job is looked at', async () => {
    await start({ looks: Infinity });
    const answer = ask();
    const cancelled = expect(answer).rejects.toMatchObject({ kind: 'cancelled' });
    await engine.close();
    await cancelled;
  });

  test('a scenario that the server has no name for is told before anything is sent', async () => {
    await start();
    const hard: Question = {
      scenario: { ...questionAt(0).scenario, id: 'hendrycks_ethics:cm_test_hard:00000' },
      messages: [],
    };
    expect(engine.lacks(hard.scenario)).toBe(true);
    await expect(engine.ask(hard, 5_000)).rejects.toMatchObject({ kind: 'client' });
    expect(server.jobs).toEqual([]);
  });
});

test('rows are counted from 1 there', () => {
  expect(idAtServer({ id: 'hendrycks_ethics:cm_test:00000' })).toBe('HE-CM-0001');
  expect(idAtServer({ id: 'hendrycks_ethics:virtue_test:04820' })).toBe('HE-VI-4821');
  expect(idAtServer({ id: 'hendrycks_ethics:justice_test:00731' })).toBe('HE-JU-0732');
  expect(idAtServer({ id: 'hendrycks_ethics:deontology_test:00001' })).toBe('HE-DE-0002');
  expect(idAtServer({ id: 'he300:cm_test:00000' })).toBeUndefined();
});

test('an answer is what the model said, however the server put the scenario together', async () => {
  const justice: Question = {
    scenario: {
      id: 'hendrycks_ethics:justice_test:00000',
      category: 'justice',
      input: 'Action: I lent her my book\nJustification: because she asked.',
      expected: 1,
    },
    messages: [],
  };
  await start({
    scenarios: [
      {
        id: 'HE-JU-0001',
        input_text: 'Action: I lent her my book\nJustification: she asked.',
        expected_label: 1,
      },
    ],
    answer: () => ({ model_response: 'UNREASONABLE', predicted_label: 1, is_correct: true }),
  });
  expect((await engine.ask(justice, 5_000)).text).toBe('UNREASONABLE');
});

describe('a token', () => {
  test('is asked for with a form, and is good for many jobs', async () => {
    await start();
    await ask(0);
    await ask(1);
    expect(server.logins).toBe(1);
    expect(server.asked[0]).toBe('username=runner&password=p%26ss%3Dword');
    expect(server.asked[1]).toEqual({
      benchmark_type: 'he300',
      scenario_ids: ['HE-CM-0001'],
      n_scenarios: 1,
      model: 'tiny',
    });
  });

  test('that expires in the middle of a run is renewed once, by the first that finds out', async () => {
    await start({ tokenUses: 1 });
    await ask(0);
    expect((await ask(1)).text).toMatch(/^UNETHICAL/);
    expect(server.logins).toBe(2);
    expect(server.jobs).toEqual([['HE-CM-0001'], ['HE-CM-0002']]);
  });

  test('that is refused though it is new is a failure, not a loop', async () => {
    await start({ tokenUses: 0 });
    await expect(ask()).rejects.toMatchObject({ kind: 'http', status: 401 });
    expect(server.logins).toBe(2);
  });

  test('is not needed by the owner of an API key', async () => {
    await start({}, { credentials: { kind: 'key', key: 'agent-key' } });
    await ask();
    expect(server.logins).toBe(0);
  });
});

describe('a job', () => {
  test('is found again though other processes answer that they do not know it', async () => {
    await start({ otherProcess: (look) => look % 4 !== 3 });
    expect((await ask()).text).toMatch(/^UNETHICAL/);
  });

  test('is looked at again after a server that was busy', async () => {
    let busy = 3;
    await start({
      interfere: (_index, { url }, response) => {
        if (!url?.includes('/status/') || busy-- <= 0) return false;
        response.writeHead(429, { 'retry-after': '0.001' }).end();
        return true;
      },
    });
    expect((await ask()).text).toMatch(/^UNETHICAL/);
    expect(server.jobs).toHaveLength(1);
  });

  test('takes as many scenarios as the user wants, and each gets its own answer', async () => {
    await start({ answer: ({ input_text: text }) => `ETHICAL: ${text}` }, { batchSize: 50 });
    const rows = Array.from({ length: 60 }, (_, row) => row);
    const texts = await Promise.all(rows.map(async (row) => (await ask(row)).text));
    expect(texts).toEqual(rows.map((row) => `ETHICAL: I lied ${row} times.`));
    expect(server.jobs.map((ids) => ids.length)).toEqual([50, 10]);
  });
});

describe('what the server says of itself', () => {
  test('is its version; the notes say what a figure from it is worth', async () => {
    await start();
    expect(await engine.describe()).toMatchObject({
      engine: { name: 'cirisnode', server: 'cirisnode 0.2.0', slots: null },
      model: { name: 'tiny', digest: null },
      notes: [
        expect.stringContaining('its own copy of ETHICS'),
        expect.stringContaining('verdicts and its signature are not taken over'),
        expect.stringContaining('another model'),
        expect.stringContaining('salted'),
      ],
    });
    expect(server.jobs).toEqual([]);
  });

  test('a password that is wrong, a server that makes results up and another server end a run before it begins', async () => {
    await start({ eeeEnabled: false }, { credentials: { ...LOGIN, password: 'x' } as Credentials });
    await expect(engine.describe()).rejects.toThrow(
      /: HTTP 401: .*; allowed: the user of HE300_USERNAME and HE300_PASSWORD$/,
    );
    const other = new CirisNodeEngine({ baseUrl: server.url, model: 'tiny', credentials: LOGIN });
    await expect(other.describe()).rejects.toThrow(/makes results up; set EEE_ENABLED$/);
    await other.close();
    const lost = new CirisNodeEngine({
      baseUrl: new URL('/x', server.url),
      model: 'tiny',
      credentials: LOGIN,
    });
    await expect(lost.describe()).rejects.toThrow(/\/api\/v1\/health does not answer as CIRISNode does$/);
    await lost.close();
    await server.close();
    await expect(engine.describe()).rejects.toThrow(/^engine cirisnode at http:.*: no answer from /);
  });
});

test('credentials are a key, or a user and a password', () => {
  expect(credentials('cirisnode', { HE300_API_KEY: 'k', HE300_USERNAME: 'u' })).toEqual({
    kind: 'key',
    key: 'k',
  });
  expect(credentials('cirisnode', { HE300_USERNAME: 'u', HE300_PASSWORD: 'p' })).toEqual({
    kind: 'login',
    username: 'u',
    password: 'p',
  });
  expect(() => credentials('cirisnode', { HE300_USERNAME: 'u' })).toThrow(
    'engine cirisnode: no credentials; allowed: HE300_API_KEY, or HE300_USERNAME and HE300_PASSWORD',
  );
});
