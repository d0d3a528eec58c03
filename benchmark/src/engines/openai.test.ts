import { completion, event, QUESTION, serve, type Handler, type TestServer } from './engine-doubles';
import type { RequestFailure } from './engine';
import { type Answer } from './engine';
import { OpenAiEngine } from './openai';

const GENERATION = { temperature: 0, maxTokens: 256, seed: 7 };

let server: TestServer;
let engine: OpenAiEngine;

async function start(handle: Handler): Promise<void> {
  server = await serve(handle);
  engine = new OpenAiEngine({
    baseUrl: new URL('/v1', server.url),
    model: 'tiny',
    apiKey: 'secret',
    generation: GENERATION,
  });
}
afterEach(async () => {
  await engine.close();
  await server.close();
});

const ask = (timeLimitMs = 5_000): Promise<Answer> => engine.ask(QUESTION, timeLimitMs);

const streaming =
  (...chunks: readonly (string | Buffer)[]): Handler =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of chunks) response.write(chunk);
    response.end();
  };

describe('whatever a server does, the request ends with its kind of failure', () => {
  const [first, word] = completion('ETHICAL');
  test.each<[string, Handler, Partial<RequestFailure>]>([
    [
      'an answer that ends before its last event',
      streaming(first!, word!),
      { kind: 'malformed', message: 'the stream ended before its last event' },
    ],
    [
      'an event that is no JSON',
      streaming('data: {"choices":\n\n'),
      { kind: 'malformed', message: 'an event is not a JSON object: "{\\"choices\\":"' },
    ],
    ['an event that is a number', streaming('data: 7\n\n'), { kind: 'malformed' }],
    ['bytes that are not UTF-8', streaming(Buffer.from('data: \xff\n\n', 'latin1')), { kind: 'malformed' }],
    [
      'an answer of 10 MB',
      streaming(
        ...Array.from({ length: 10 }, () => event({ choices: [{ delta: { content: 'x'.repeat(1e6) } }] })),
      ),
      { kind: 'too-large', message: 'answer above 1048576 bytes' },
    ],
    [
      'an error in the middle',
      streaming(word!, event({ error: { message: 'out of memory' } })),
      { kind: 'http', message: 'the server broke off: out of memory' },
    ],
    [
      'a connection cut in the middle',
      (_request, response) => {
        response.writeHead(200);
        response.write(word, () => response.socket!.destroy());
      },
      { kind: 'malformed' },
    ],
    ['a connection cut before the answer', (request) => request.socket.destroy(), { kind: 'refused' }],
    [
      'something that is not HTTP',
      (request) => request.socket.end('220 mail.example ESMTP\r\n'),
      { kind: 'malformed' },
    ],
    [
      'an error that spans lines',
      (_request, response) => response.writeHead(500).end('one\r\ntwo\u001b[2K'),
      { kind: 'http', message: 'HTTP 500: one two [2K' },
    ],
    [
      'a full queue',
      (_request, response) => response.writeHead(503, { 'retry-after': '2' }).end(),
      { kind: 'overloaded', message: 'HTTP 503: (nothing)', retryAfterMs: 2_000 },
    ],
    [
      'too many requests, without a time',
      (_request, response) => response.writeHead(429).end('slow down'),
      { kind: 'overloaded', retryAfterMs: undefined },
    ],
  ])('%s', async (_title, handle, failure) => {
    await start(handle);
    await expect(ask()).rejects.toMatchObject({ name: 'RequestFailure', ...failure });
  });

  test('a server that never answers', async () => {
    await start(() => undefined);
    await expect(ask(50)).rejects.toMatchObject({ kind: 'timeout', message: 'no whole answer within 50 ms' });
  });

  test('a server that never ends its answer', async () => {
    await start((_request, response) => void response.writeHead(200).write(word));
    await expect(ask(100)).rejects.toMatchObject({ kind: 'timeout' });
  });

  test('a server that is gone', async () => {
    await start(() => undefined);
    await server.close();
    await expect(ask()).rejects.toMatchObject({ kind: 'refused' });
  });

  test('a run that ends meanwhile', async () => {
    let asked!: () => void;
    const begun = new Promise<void>((resolve) => (asked = resolve));
    await start(() => asked());
    const answer = ask();
    await Promise.all([
      expect(answer).rejects.toMatchObject({ kind: 'cancelled' }),
      begun.then(() => engine.close()),
    ]);
  });
});

test('an answer is put together from its pieces, with their times and the server’s counts', async () => {
  await start(streaming(...completion('UN', 'ETHICAL', ' – naïve.')));
  const answer = await ask();
  expect(answer).toMatchObject({ text: 'UNETHICAL – naïve.', promptTokens: 12, outputTokens: 3 });
  expect(answer.pieceAtMs).toHaveLength(3);
  expect([...answer.pieceAtMs].sort((a, b) => a - b)).toEqual(answer.pieceAtMs);
});

test('what the server tells apart as reasoning is timed, and is not the answer', async () => {
  await start(
    streaming(event({ choices: [{ delta: { reasoning_content: 'ETHICAL?' } }] }), ...completion('UNETHICAL')),
  );
  const answer = await ask();
  expect(answer.text).toBe('UNETHICAL');
  expect(answer.pieceAtMs).toHaveLength(2);
});

test('the request says what the run was told to', async () => {
  let authorization: string | undefined;
  await start((request, response, body) => {
    authorization = request.headers.authorization;
    streaming(...completion('x'))(request, response, body);
  });
  await ask();
  expect(authorization).toBe('Bearer secret');
  expect(server.asked).toEqual([
    {
      model: 'tiny',
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0,
      max_tokens: 256,
      seed: 7,
      messages: QUESTION.messages,
    },
  ]);
});

describe('what the server says of itself', () => {
  const answering =
    (answers: Readonly<Record<string, unknown>>): Handler =>
    ({ url }, response) => {
      const answer = answers[url!];
      response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}));
    };

  test('a model that it lacks is refused with those it has', async () => {
    await start(answering({ '/v1/models': { data: [{ id: 'a' }, { id: 'b' }] } }));
    await expect(engine.describe()).rejects.toThrow('model: tiny; allowed: a, b');
  });

  test('a model is found under its usual tag, as Ollama lists it', async () => {
    await start(answering({ '/v1/models': { data: [{ id: 'tiny:latest', max_model_len: 512 }] } }));
    expect(await engine.describe()).toMatchObject({ model: { contextTokens: 512 }, notes: [] });
  });

  test('a server that is not there is told by its address', async () => {
    await start(() => undefined);
    await server.close();
    await expect(engine.describe()).rejects.toThrow(
      /^engine openai at http:\/\/127\.0\.0\.1:\d+\/v1: no answer from /,
    );
  });

  test('llama-server tells its slots', async () => {
    await start(
      answering({
        '/v1/models': { data: [{ id: 'tiny' }] },
        '/props': { total_slots: 4, build_info: 'b5000', default_generation_settings: { n_ctx: 2048 } },
      }),
    );
    expect(await engine.describe()).toMatchObject({
      engine: { name: 'openai', server: 'llama-server b5000', slots: 4 },
      model: { contextTokens: 2048 },
    });
  });

  test('vLLM tells its version and the context', async () => {
    await start(
      answering({
        '/v1/models': { data: [{ id: 'tiny', max_model_len: 8192 }] },
        '/version': { version: '0.9.1' },
      }),
    );
    expect(await engine.describe()).toMatchObject({
      engine: { server: 'vllm 0.9.1', slots: null },
      model: { contextTokens: 8192 },
    });
  });

  test('a server without a list is taken at its word, and that is noted', async () => {
    await start(answering({}));
    expect(await engine.describe()).toMatchObject({
      engine: { server: null },
      notes: [expect.stringContaining('not checked')],
    });
  });
});
