import type { Scenario } from '../contract/suite';
import { QUESTION } from './engine-doubles';
import type { Answer, Question, RequestFailure } from './engine';
import { EthicsEngine } from './ethicsengine';
import {
  ethicsEngineDouble,
  type EthicsEngineDouble,
  type EthicsEngineDoubleOptions,
} from './ethicsengine.double';

let server: EthicsEngineDouble;
let engine: EthicsEngine;

async function start(
  options: EthicsEngineDoubleOptions = {},
  { batchSize, apiKey }: { batchSize?: number; apiKey?: string } = {},
): Promise<void> {
  server = await ethicsEngineDouble(options);
  engine = new EthicsEngine({
    baseUrl: server.url,
    model: 'tiny',
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(apiKey === undefined ? {} : { apiKey }),
  });
}
afterEach(async () => {
  await engine.close();
  await server.close();
});

const scenarioAt = (row: number, category: Scenario['category'] = 'commonsense'): Scenario => ({
  id: `test:${category}:${String(row).padStart(5, '0')}`,
  category,
  input: `Scenario ${row}.`,
  expected: 1,
});
const questions = (count: number): Question[] =>
  Array.from({ length: count }, (_, row) => ({ scenario: scenarioAt(row), messages: [] }));

const ask = (timeLimitMs = 5_000): Promise<Answer> => engine.ask(QUESTION, timeLimitMs);
const askAll = (asked: readonly Question[]) =>
  Promise.allSettled(asked.map((question) => engine.ask(question, 5_000)));
const kindsOf = (settled: readonly PromiseSettledResult<Answer>[]): string[] =>
  settled.map((one) => (one.status === 'fulfilled' ? one.value.text : (one.reason as RequestFailure).kind));

describe('what is no answer is a failure of its kind', () => {
  test.each<[string, EthicsEngineDoubleOptions, Partial<RequestFailure>]>([
    [
      'a result that carries an error',
      { answer: () => ({ model_response: '', error: 'Connection refused' }) },
      { kind: 'http', message: 'the server could not ask it: Connection refused' },
    ],
    [
      'a verdict without words',
      { answer: () => ({ model_response: '', predicted_label: 1 }) },
      { kind: 'malformed', message: 'a verdict without the words of the model is no answer' },
    ],
    [
      'a result without what was said',
      { answer: () => ({ model_response: undefined }) },
      { kind: 'malformed', message: 'a result without what the model said' },
    ],
    [
      'what was said as a number',
      { answer: () => ({ model_response: 7 }) },
      { kind: 'malformed', message: 'a result without what the model said' },
    ],
    [
      'a failure of the server dressed as an answer',
      { answer: () => 'Error: Evaluation agent timed out.' },
      { kind: 'http', message: 'Error: Evaluation agent timed out.' },
    ],
    [
      'a result about another text',
      { answer: () => ({ model_response: 'ETHICAL', input_text: 'I told the truth.' }) },
      { kind: 'malformed', message: 'the result is about another text than was sent' },
    ],
    [
      'no result',
      { change: (response) => ({ ...response, results: [] }) },
      { kind: 'malformed', message: '0 results of test:commonsense:00000' },
    ],
    [
      'two results',
      {
        change: (response) => {
          const { results } = response as { results: object[] };
          return { ...response, results: [...results, ...results] };
        },
      },
      { kind: 'malformed', message: '2 results of test:commonsense:00000' },
    ],
    [
      'a result that nobody asked for',
      { answer: () => ({ model_response: 'ETHICAL', scenario_id: 'HE-CM-0001' }) },
      { kind: 'malformed', message: 'a result of HE-CM-0001, which was not asked' },
    ],
    [
      'a result without an id',
      { answer: () => ({ model_response: 'ETHICAL', scenario_id: 7 }) },
      {
        kind: 'malformed',
        message: expect.stringMatching(/^no answer to a batch: results\.0\.scenario_id: /),
      },
    ],
    [
      'the answer to another batch',
      { change: (response) => ({ ...response, batch_id: 'yours' }) },
      { kind: 'malformed', message: 'the answer to another batch: yours' },
    ],
    [
      'a batch that failed as a whole',
      { change: (r) => ({ ...r, status: 'error', results: [], error_message: 'no engine' }) },
      { kind: 'http', message: 'the batch failed: no engine' },
    ],
    [
      'a list',
      { change: () => [] },
      { kind: 'malformed', message: /^no answer to a batch: body: / as never },
    ],
    [
      'a page of a proxy',
      { interfere: (_i, _q, response) => !!response.end('<html>busy</html>') },
      { kind: 'malformed', message: '/he300/batch did not answer JSON: <html>busy</html>' },
    ],
    [
      'bytes that are not UTF-8',
      { interfere: (_i, _q, response) => !!response.end(Buffer.from('{"a":"\xff"}', 'latin1')) },
      { kind: 'malformed', message: '/he300/batch did not answer UTF-8' },
    ],
    [
      'a body that breaks off',
      {
        interfere: (_i, _q, response) => {
          response.writeHead(200, { 'content-length': '1000' });
          response.write('{"batch_id":', () => response.socket!.destroy());
          return true;
        },
      },
      { kind: 'malformed' },
    ],
    [
      'an answer of 10 MB',
      { answer: () => 'x'.repeat(10_000_000) },
      { kind: 'too-large', message: 'answer above 1048576 bytes' },
    ],
    [
      'too many requests',
      { interfere: (_i, _q, response) => !!response.writeHead(429, { 'retry-after': '3' }).end() },
      { kind: 'overloaded', retryAfterMs: 3_000 },
    ],
  ])('%s', async (_title, options, { message, ...failure }) => {
    await start(options);
    await expect(ask()).rejects.toMatchObject({
      name: 'RequestFailure',
      ...failure,
      ...(message === undefined
        ? {}
        : { message: (message as unknown) instanceof RegExp ? expect.stringMatching(message) : message }),
    });
  });

  test('a key that is refused in the middle of a run', async () => {
    await start({ key: 'new' }, { apiKey: 'old' });
    await expect(ask()).rejects.toMatchObject({ kind: 'http', status: 401 });
  });

  test('a server that never answers, and one that is gone', async () => {
    await start({ interfere: () => true });
    await expect(ask(50)).rejects.toMatchObject({ kind: 'timeout' });
    await server.close();
    await expect(ask()).rejects.toMatchObject({ kind: 'refused' });
  });

  test('a run that ends meanwhile, for what was sent and for what waits', async () => {
    let asked!: () => void;
    const begun = new Promise<void>((resolve) => (asked = resolve));
    await start(
      {
        interfere: () => {
          asked();
          return true;
        },
      },
      { batchSize: 2 },
    );
    const answers = askAll(questions(3));
    await begun;
    await engine.close();
    expect(kindsOf(await answers)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });
});

describe('a batch', () => {
  test('is one scenario, unless the user wants more: the server works through a batch one by one', async () => {
    await start();
    await askAll(questions(5));
    expect(server.batches.map(({ scenarios }) => scenarios.length)).toEqual([1, 1, 1, 1, 1]);
  });

  test('holds what is asked at once, 50 at most, and each gets its own answer whatever their order', async () => {
    await start(
      {
        answer: ({ input_text: text }) => `ETHICAL: ${text}`,
        change: (response) => {
          const { results } = response as { results: object[] };
          return { ...response, results: [...results].reverse() };
        },
      },
      { batchSize: 50 },
    );
    const answers = await askAll(questions(120));
    expect(kindsOf(answers)).toEqual(questions(120).map(({ scenario }) => `ETHICAL: ${scenario.input}`));
    expect(server.batches.map(({ scenarios }) => scenarios.length)).toEqual([50, 50, 20]);
    expect(new Set(server.batches.map(({ batch_id: id }) => id)).size).toBe(3);
  });

  test('never holds a scenario twice: load passes repeat them', async () => {
    await start({}, { batchSize: 50 });
    await askAll([...questions(3), ...questions(2)]);
    expect(server.batches.map(({ scenarios }) => scenarios.length)).toEqual([3, 2]);
  });

  test('with one bad result fails that scenario alone', async () => {
    await start(
      { answer: ({ scenario_id: id }) => (id.endsWith('1') ? { error: 'no' } : 'ETHICAL') },
      { batchSize: 3 },
    );
    expect(kindsOf(await askAll(questions(3)))).toEqual(['ETHICAL', 'http', 'ETHICAL']);
  });

  test('that fails as a whole is asked one by one the next time, so that one scenario does not spoil the others', async () => {
    await start(
      {
        interfere: (_index, _request, response, body) => {
          if (!body.includes('Scenario 1.')) return false;
          response.writeHead(500).end('boom');
          return true;
        },
      },
      { batchSize: 3 },
    );
    const asked = questions(3);
    expect(kindsOf(await askAll(asked))).toEqual(['http', 'http', 'http']);
    expect(kindsOf(await askAll(asked))).toEqual([
      'UNETHICAL\nSo it seems.',
      'http',
      'UNETHICAL\nSo it seems.',
    ]);
  });

  test('may take as long as its scenarios one after another', async () => {
    await start(
      {
        interfere: (_index, request, response, body) => {
          const { batch_id, scenarios } = JSON.parse(body) as { batch_id: string; scenarios: object[] };
          const results = scenarios.map((scenario) => ({ ...scenario, model_response: 'ETHICAL' }));
          setTimeout(() => response.end(JSON.stringify({ batch_id, status: 'completed', results })), 600);
          return request.method === 'POST';
        },
      },
      { batchSize: 50 },
    );
    const answers = await Promise.allSettled(questions(20).map((question) => engine.ask(question, 500)));
    expect(new Set(kindsOf(answers))).toEqual(new Set(['ETHICAL']));
  });
});

test('the server is not told what is right, and a load pass is salted where the text begins', async () => {
  await start();
  await engine.ask({ ...QUESTION, salt: 'a1b2' }, 5_000);
  expect(server.asked).toEqual([
    {
      batch_id: expect.stringMatching(/^he300-[0-9a-f]{16}$/),
      scenarios: [
        {
          scenario_id: 'test:commonsense:00000',
          category: 'commonsense',
          input_text: '[a1b2] I lied.',
          expected_label: null,
        },
      ],
      identity_id: 'Neutral',
      guidance_id: 'Neutral',
      model_name: 'tiny',
    },
  ]);
});

test('an answer is what the model said, whatever the server made of it', async () => {
  await start({
    answer: () => ({ model_response: 'ETHICAL, I think.', predicted_label: 1, is_correct: true }),
  });
  let pieces = 0;
  expect(await engine.ask(QUESTION, 5_000, () => void pieces++)).toMatchObject({
    text: 'ETHICAL, I think.',
    promptTokens: null,
    outputTokens: null,
  });
  expect(pieces).toBe(1);
});

describe('what the server says of itself', () => {
  test('is its version and how many calls of its model it makes at once', async () => {
    await start({ key: 'secret', limit: 10 }, { apiKey: 'secret', batchSize: 50 });
    expect(await engine.describe()).toMatchObject({
      engine: { name: 'ethicsengine', server: 'ethicsengine 0.1.0', slots: 10 },
      model: { name: 'tiny', digest: null },
      notes: [
        expect.stringContaining('in its own words'),
        expect.stringContaining('verdicts are not taken over'),
        expect.stringContaining('tiny is what you call it'),
        expect.stringContaining('one by one'),
      ],
    });
    // Finding out whether the key is right has asked no model.
    expect(server.batches).toEqual([]);
  });

  test('a key that it does not know is refused before a run begins', async () => {
    await start({ key: 'secret' }, { apiKey: 'other' });
    await expect(engine.describe()).rejects.toThrow(
      /^engine ethicsengine at http:.*: HTTP 401: .*; allowed: a key or token in HE300_API_KEY$/,
    );
  });

  test('something else, and nothing, are told by their address', async () => {
    await start();
    const other = new EthicsEngine({ baseUrl: new URL('/elsewhere', server.url), model: 'tiny' });
    await expect(other.describe()).rejects.toThrow(/^engine ethicsengine at http:.*\/elsewhere: HTTP 404: /);
    await other.close();
    await server.close();
    await expect(engine.describe()).rejects.toThrow(/^engine ethicsengine at http:.*: no answer from /);
  });
});
