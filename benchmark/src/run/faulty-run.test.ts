/** Whole runs against what goes wrong: each is a recorded error of one scenario, or one clear line and a run to resume. */
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { completion, event, type Handler } from '../engines/engine-doubles';
import { modelDouble, type ModelDouble } from '../engines/model-double';
import type { RequestFailure } from '../engines/engine';
import { InputError } from '../errors';
import { Breaker } from '../load/breaker';
import { begin, drawSuite, resume, type RunRequest } from './begin';
import { ShortRun } from './short-run';
import { verify } from './verify';

jest.setTimeout(30_000);

let short: ShortRun;
let server: ModelDouble;
beforeEach(() => (short = new ShortRun()));
afterEach(async () => {
  short.remove();
  await server.close();
});

const streamed =
  (...chunks: readonly (string | Buffer)[]): Handler =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of chunks) response.write(chunk);
    response.end();
  };

describe('an answer that cannot be had costs its scenario, and no other', () => {
  const [first, word, , done] = completion('ETHICAL') as [string, string, string, string];
  const { sample } = drawSuite({ spec: 'starter', seed: 42, datasetDirectory: '/nowhere', limit: undefined });
  const victim = sample[10]!;

  test.each<[string, Handler, Partial<RequestFailure> & { attempts?: number }]>([
    [
      'truncated server-sent events',
      streamed(first, word),
      { kind: 'malformed', message: 'the stream ended before its last event' },
    ],
    [
      'an event cut in the middle',
      streamed(first, word.slice(0, 20)),
      { kind: 'malformed', message: 'the stream ended before its last event' },
    ],
    [
      'a malformed event',
      streamed(first, 'data: {"choices": [\n\n', done),
      { kind: 'malformed', message: 'an event is not a JSON object: "{\\"choices\\": ["' },
    ],
    [
      'bytes that are not UTF-8',
      streamed(first, Buffer.from('data: {"choices":[{"delta":{"content":"\xe9"}}]}\n\n', 'latin1'), done),
      { kind: 'malformed', message: 'the stream is not UTF-8' },
    ],
    [
      'an answer of 10 MB',
      streamed(
        ...Array.from({ length: 10 }, () => event({ choices: [{ delta: { content: 'x'.repeat(1e6) } }] })),
        done,
      ),
      { kind: 'too-large', message: 'answer above 1048576 bytes', attempts: 1 },
    ],
    [
      'a connection that breaks',
      (_request, response) => void response.write(word, () => response.socket!.destroy()),
      { kind: 'malformed' },
    ],
    ['an answer that never ends', (_request, response) => void response.write(word), { kind: 'timeout' }],
    [
      'an error with line feeds and terminal codes in it',
      (_request, response) => void response.writeHead(500).end('one\r\ntwo\u001b[2K\u0007'),
      { kind: 'http', message: 'HTTP 500: one two [2K' },
    ],
  ])('%s', async (_title, handle, { kind, message, attempts = 3 }) => {
    server = await modelDouble({
      interfere: (_index, request, response, body) => {
        if (!body.includes(JSON.stringify(victim.input).slice(1, -1))) return false;
        handle(request, response, body);
        return true;
      },
    });
    const requestTimeLimitSeconds = kind === 'timeout' ? 1 : 20;
    const results = await short.whole(server.url, { requestTimeLimitSeconds, rescoreFraction: 0 });
    expect(results).toMatchObject({ partial: null, score: { overall: { scenarios: 60, errors: 1 } } });
    const failed = short.scored().filter(({ error }) => error !== null);
    expect(failed).toMatchObject([
      {
        scenarioId: victim.id,
        answer: '',
        judgement: { outcome: 'error', predicted: null },
        error: { kind, ...(message === undefined ? {} : { message }) },
        attempts,
      },
    ]);
    expect(verify(short.directory).samples).toHaveLength(60);
  });
});

test('a server that is gone for good ends the run in one line, and a resume against another asks only the rest', async () => {
  const impatient = (): Breaker => new Breaker({ failures: 20, refusals: 2, patienceMs: 50, retryMs: 10 });
  server = await modelDouble();
  const begun = await begin(short.request(server.url));
  const ended = short.finish(begun, {
    breaker: impatient,
    onProgress: (progress) => {
      if (progress.type === 'scored' && progress.done === 20) void server.close();
    },
  });
  await expect(ended).rejects.toThrow(
    /^the server has not answered for \d+ s: no answer from 127\.0\.0\.1:\d+: .*; start it and resume$/,
  );
  await expect(ended).rejects.toBeInstanceOf(InputError);
  expect(existsSync(short.path('results.json'))).toBe(false);
  const before = short.scored();
  expect(before.length).toBeGreaterThanOrEqual(20);
  expect(before.every(({ error }) => error === null)).toBe(true);

  server = await modelDouble();
  const results = await short.finish(await resume(short.directory, { url: server.url.href }));
  expect(results).toMatchObject({ partial: null, score: { overall: { scenarios: 60, errors: 0 } } });
  expect(short.scored().slice(0, before.length)).toEqual(before);
  expect(server.asked).toHaveLength(60 - before.length + 6);
});

describe('a full disk', () => {
  const fill = (name: string): void => {
    mkdirSync(short.directory, { recursive: true });
    symlinkSync('/dev/full', short.path(name));
  };
  const whole = (change: Partial<RunRequest> = {}) => short.whole(server.url, change);

  test('before anything was asked is one line', async () => {
    server = await modelDouble();
    fill('plan.json.new');
    await expect(whole()).rejects.toThrow(/^run: cannot write .*plan\.json: ENOSPC: /);
    expect(server.asked).toEqual([]);
  });

  test('under the sample log is one line, and the run goes on when there is room', async () => {
    server = await modelDouble();
    fill('samples.jsonl');
    await expect(whole()).rejects.toThrow(
      /^sample log: cannot write .*samples\.jsonl: ENOSPC: .*; free the disk and resume$/,
    );
    expect(existsSync(short.path('results.json'))).toBe(false);
    expect(existsSync(short.path('lock'))).toBe(false);
    rmSync(short.path('samples.jsonl'));
    const results = await short.finish(await resume(short.directory, {}));
    expect(results).toMatchObject({ partial: null, score: { overall: { scenarios: 60, errors: 0 } } });
  });

  test('under the results is one line, and a resume asks nothing again', async () => {
    server = await modelDouble();
    fill('results.json.new');
    await expect(whole()).rejects.toThrow(/^run: cannot write .*results\.json: ENOSPC: /);
    const asked = server.asked.length;
    rmSync(short.path('results.json.new'));
    expect((await short.finish(await resume(short.directory, {}))).partial).toBeNull();
    expect(server.asked).toHaveLength(asked);
    expect(verify(short.directory).samples).toHaveLength(66);
  });

  test('and a place where no directory can be made are told the same way', async () => {
    server = await modelDouble();
    writeFileSync(`${short.directory}-file`, '');
    await expect(whole({ directory: `${short.directory}-file/run` })).rejects.toThrow(
      /^run: cannot write .*-file\/run: ENOTDIR: /,
    );
  });
});

describe('a clock that is set while a run goes on', () => {
  const RealDate = Date;
  afterEach(() => (globalThis.Date = RealDate));

  /** Every look at the clock of the wall is off by what `offMs` says at that moment. */
  function setClockBy(offMs: () => number): void {
    globalThis.Date = new Proxy(RealDate, {
      construct: (target, args: [], self) =>
        Reflect.construct(target, args.length === 0 ? [RealDate.now() + offMs()] : args, self) as Date,
      get: (target, key) =>
        key === 'now' ? () => RealDate.now() + offMs() : (Reflect.get(target, key) as unknown),
    });
  }

  test.each([
    ['forwards', [3_600_000, 86_400_000]],
    ['backwards', [-3_600_000, -86_400_000]],
    ['to and fro', [86_400_000, -86_400_000]],
  ])('%s changes neither times nor durations nor the cost', async (_title, jumps) => {
    let off = 0;
    setClockBy(() => off);
    server = await modelDouble();
    const from = RealDate.now();
    const begun = await begin(short.request(server.url));
    off = jumps[0]!;
    const results = await short.finish(begun, {
      onProgress: (progress) => {
        if (progress.type === 'scored') off = jumps[progress.done % 2]!;
      },
    });
    const to = RealDate.now();

    expect(results).toMatchObject({ partial: null, score: { overall: { errors: 0 } } });
    const within = (at: string): void => {
      // The clock that never jumps was set by the other once, when the process began: they may have drifted since.
      expect(RealDate.parse(at)).toBeGreaterThan(from - 60_000);
      expect(RealDate.parse(at)).toBeLessThan(to + 60_000);
    };
    within(results.startedAt);
    within(results.endedAt);
    expect(RealDate.parse(results.endedAt)).toBeGreaterThan(RealDate.parse(results.startedAt));
    expect(results.performance.total.seconds).toBeLessThan(600);
    expect(results.cost.spentUsd!).toBeLessThan(600 / 3_600);
    for (const { timing } of short.scored()) {
      within(timing.scheduledAt);
      expect(timing.endToEndMs).toBeLessThan(600_000);
    }
  });
});
