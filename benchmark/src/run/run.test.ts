import { hash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Results } from '../contract/results';
import { promptLine } from '../contract/prompt';
import { results as resultsSchema, signedResults } from '../contract/results';
import { modelDouble, type ModelDouble, type ModelDoubleOptions } from '../engines/model-double';
import { begin, resume, type Begun, type RunRequest } from './begin';
import type { RunOptions } from './run';
import { ShortRun } from './short-run';
import { verify } from './verify';

const QUICK = { turnovers: 2, fewestAnswers: 8, leastSeconds: 0, mostSeconds: 5 };

let short: ShortRun;
let server: ModelDouble;
beforeEach(() => (short = new ShortRun()));
afterEach(async () => {
  await server.close();
  short.remove();
});

const request = (change: Partial<RunRequest> = {}): RunRequest => short.request(server.url, change);

const finish = (begun: Begun, change: Partial<RunOptions> = {}): Promise<Results> =>
  short.finish(begun, { windowLimits: QUICK, ...change });

async function whole(change: Partial<RunRequest> = {}, options: ModelDoubleOptions = {}): Promise<Results> {
  server = await modelDouble(options);
  return finish(await begin(request(change)));
}

describe('a run that cannot begin says why, and leaves nothing behind', () => {
  test.each<[string, Partial<RunRequest>, RegExp]>([
    [
      'a model that the server lacks',
      { engine: { name: 'openai', url: 'URL', model: 'other' } },
      /^model: other; allowed: double$/,
    ],
    ['no address', { engine: { name: 'openai', url: null, model: 'x' } }, /^engine openai: no --url; /],
    [
      'an address of something else',
      { engine: { name: 'openai', url: 'ftp://x', model: 'x' } },
      /--url ftp:\/\/x; allowed: an http/,
    ],
    [
      'an address with a password',
      { engine: { name: 'openai', url: 'http://me:hunter2@127.0.0.1/v1', model: 'x' } },
      /^engine openai: --url has a name or password in it; allowed: none, and a key in HE300_API_KEY$/,
    ],
    [
      'a prompt file that is not there',
      { promptFile: '/nowhere/p.json' },
      /^prompts: cannot read \/nowhere\/p.json: ENOENT$/,
    ],
    ['no dataset', { spec: '1.0' }, /^dataset: no cm_test.csv in \/nowhere; /],
  ])('%s', async (_title, change, message) => {
    server = await modelDouble();
    const { engine } = change;
    const url = engine?.url === 'URL' ? server.url.href : engine?.url;
    const changed = engine ? { ...change, engine: { ...engine, url: url ?? null } } : change;
    await expect(begin(request(changed))).rejects.toThrow(message);
    expect(existsSync(short.directory)).toBe(false);
  });

  test('a directory that holds a run already', async () => {
    await whole();
    await expect(begin(request())).rejects.toThrow(
      /holds a run already; allowed: another --out, or --resume /,
    );
  });
});

describe('a whole run', () => {
  test('asks every scenario once at the concurrency it was told, a tenth again alone, and signs what it found', async () => {
    const results = await whole();
    expect(resultsSchema.parse(results)).toEqual(results);
    expect(results).toMatchObject({
      partial: null,
      suite: { spec: 'starter', scenarios: 60, comparable: false },
      model: { name: 'double', contextTokens: 2048 },
      engine: { slots: 4, server: 'llama-server double' },
      score: { overall: { scenarios: 60, errors: 0 }, flips: { rescored: 6, flipped: 0 } },
      performance: { saturation: { verdict: 'not-searched', chosenConcurrency: 4 }, concurrencyChanges: [] },
    });
    expect(server.most()).toBe(4);
    expect(
      short
        .scored()
        .map(({ index }) => index)
        .sort((a, b) => a - b),
    ).toEqual([...Array(60).keys()]);
    expect(verify(short.directory).samples).toHaveLength(66);
    expect(existsSync(short.path('key.pem'))).toBe(false);
  });

  test('keeps what it asked, as it was sent, under the hash that its samples name', async () => {
    await whole();
    const kept = promptsKept();
    const sent = server.asked.map((body) => JSON.stringify((body as { messages: object }).messages));
    expect(kept.map(({ messages }) => JSON.stringify(messages)).sort()).toEqual([...new Set(sent)].sort());
    for (const { sha256, messages } of kept) expect(hash('sha256', JSON.stringify(messages))).toBe(sha256);
    expect(new Set(kept.map(({ sha256 }) => sha256))).toEqual(
      new Set(short.scored().map(({ promptSha256 }) => promptSha256)),
    );
  });

  test('gives the same answers, and the same binding, the next time', async () => {
    const first = await whole();
    await server.close();
    rmSync(short.directory, { recursive: true });
    const second = await whole({ concurrency: 1 });
    expect(second.bindingSha256).toBe(first.bindingSha256);
    expect(second.score.overall).toEqual(first.score.overall);
    expect(second.score.flips).toBeNull();
  });

  test('finds the concurrency by itself, and does not search again when it is resumed', async () => {
    server = await modelDouble({ slots: 4, answerMs: 5 });
    const begun = await begin(request({ concurrency: null }));
    const stop = new AbortController();
    const partial = await finish(begun, {
      stop: stop.signal,
      onProgress: ({ type }) => {
        if (type === 'scored') stop.abort();
      },
    });
    const { saturation } = partial.performance;
    expect(saturation.windows.length).toBeGreaterThanOrEqual(3);
    expect(saturation.windows.length).toBeLessThanOrEqual(14);
    // Which verdict it is depends on how busy this machine is; search and verdict are tested on simulated servers.
    expect(saturation.verdict).not.toBe('not-searched');
    expect(saturation.windows.map(({ concurrency }) => concurrency)).toContain(saturation.chosenConcurrency);
    expect(server.most()).toBeLessThanOrEqual(5);
    const resumed = await finish(await resume(short.directory, {}));
    expect(resumed.performance.saturation).toEqual(saturation);
    expect(resumed.partial).toBeNull();
  });

  test('takes a prompt file, and says so', async () => {
    const file = `${short.directory}.json`;
    const { HE300_V1 } = await import('../prompts/he300-v1');
    writeFileSync(file, JSON.stringify({ ...HE300_V1, name: 'mine', version: '7', system: 'Judge.' }));
    expect((await whole({ promptFile: file })).prompts).toMatchObject({ name: 'mine', version: '7' });
  });
});

describe('a server that misbehaves', () => {
  test('now and then costs no scenario: each is asked again', async () => {
    const { score, performance } = await whole(
      {},
      {
        interfere: (index, _request, response) => {
          if (index % 7 === 3) response.writeHead(503, { 'retry-after': '0.01' }).end('queue full');
          else if (index % 7 === 5) response.socket!.destroy();
          else return false;
          return true;
        },
      },
    );
    expect(score.overall).toMatchObject({ scenarios: 60, errors: 0 });
    expect(performance.concurrencyChanges[0]).toMatchObject({
      from: 4,
      to: 2,
      reason: 'HTTP 503: queue full',
    });
  });

  test('over one scenario makes that an error, which counts as wrong', async () => {
    const { score } = await whole(
      {},
      {
        interfere: (_index, _request, response, body) => {
          if (!body.includes('wallet full of cash')) return false;
          response.writeHead(500).end('cannot');
          return true;
        },
      },
    );
    expect(score.overall).toMatchObject({ scenarios: 60, errors: 4 });
    expect(short.scored().find(({ error }) => error)).toMatchObject({
      judgement: { outcome: 'error' },
      error: { kind: 'http', message: 'HTTP 500: cannot' },
      attempts: 3,
    });
  });

  test('from some moment on ends the run, and a resume with a new one finishes it', async () => {
    const stop = new AbortController();
    server = await modelDouble({
      interfere: (index, request) => {
        if (index < 30) return false;
        request.socket.destroy();
        if (index === 32) stop.abort();
        return true;
      },
    });
    const begun = await begin(request());
    const partial = await finish(begun, { stop: stop.signal });
    expect(partial.score.overall).toMatchObject({ errors: 0 });
    expect(partial.partial?.scored).toBeLessThanOrEqual(0.5);
    await server.close();

    server = await modelDouble();
    const results = await finish(await resume(short.directory, { url: server.url.href }));
    expect(results).toMatchObject({ partial: null, score: { overall: { scenarios: 60, errors: 0 } } });
    expect(server.asked.length).toBeLessThan(60);
  });
});

describe('a run that was stopped', () => {
  const stopped = async (): Promise<Results> => {
    server = await modelDouble();
    const stop = new AbortController();
    return finish(await begin(request()), {
      stop: stop.signal,
      onProgress: (progress) => {
        if (progress.type === 'scored' && progress.done === 20) stop.abort();
      },
    });
  };

  test('has a partial result that says so and holds', async () => {
    const results = await stopped();
    expect(results.partial).toEqual({ reason: 'it was stopped', scored: short.scored().length / 60 });
    expect(results.score.overall.scenarios).toBeLessThan(60);
    expect(verify(short.directory).results.partial).not.toBeNull();
  });

  test('is finished by a resume under the same key, and asks nothing twice', async () => {
    await stopped();
    const keyOf = () =>
      signedResults.parse(JSON.parse(readFileSync(short.path('results.json'), 'utf8'))).publicKey;
    const key = keyOf();
    const before = short.scored();
    const prompts = readFileSync(short.path('prompts.jsonl'), 'utf8');
    writeFileSync(short.path('prompts.jsonl'), prompts.slice(0, 1_000));
    const results = await finish(await resume(short.directory, {}));
    expect(results.partial).toBeNull();
    expect(readFileSync(short.path('prompts.jsonl'), 'utf8')).toBe(prompts);
    expect(short.scored().slice(0, before.length)).toEqual(before);
    expect(keyOf()).toBe(key);
    await expect(resume(short.directory, {})).rejects.toThrow(/is complete; allowed: another --out/);
  });

  test('is not signed again by one that was slow to resume it', async () => {
    await stopped();
    const slow = await resume(short.directory, {});
    await finish(await resume(short.directory, {}));
    const signed = readFileSync(short.path('results.json'), 'utf8');
    await expect(finish(slow)).rejects.toThrow(/is complete; allowed: another --out/);
    expect(readFileSync(short.path('results.json'), 'utf8')).toBe(signed);
  });

  test('is not resumed by two at once', async () => {
    await stopped();
    writeFileSync(short.path('lock'), '1');
    await expect(finish(await resume(short.directory, {}))).rejects.toThrow(
      /is in use by process 1; end it first$/,
    );
    writeFileSync(short.path('lock'), '4194999');
    expect((await finish(await resume(short.directory, {}))).partial).toBeNull();
  });

  test('is not resumed from a plan that was changed', async () => {
    await stopped();
    const file = short.path('plan.json');
    const plan = JSON.parse(readFileSync(file, 'utf8')) as { suite: { seed: number } };
    writeFileSync(file, JSON.stringify({ ...plan, suite: { ...plan.suite, seed: 43 } }));
    await expect(resume(short.directory, {})).rejects.toThrow(
      /^run: the sample of .* allowed: .*, as planned$/,
    );
    writeFileSync(file, '{');
    await expect(resume(short.directory, {})).rejects.toThrow(/^plan: .* is not JSON; /);
  });
});

const promptsKept = () =>
  readFileSync(short.path('prompts.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => promptLine.parse(JSON.parse(line)));

describe('verification tells when', () => {
  const path = (name: string): string => short.path(name);

  test('the results were changed', async () => {
    await whole();
    const signed = readFileSync(path('results.json'), 'utf8');
    writeFileSync(path('results.json'), signed.replace('\\"correct\\":', '\\"correct\\":1'));
    expect(() => verify(short.directory)).toThrow(/results.json: the signature does not hold$/);
    writeFileSync(path('results.json'), '{}');
    expect(() => verify(path('results.json'))).toThrow(/is no signed result$/);
    rmSync(path('results.json'));
    expect(() => verify(short.directory)).toThrow(/^verify: no .*results.json; /);
  });

  test('an answer was exchanged, left out or added', async () => {
    await whole();
    const log = readFileSync(path('samples.jsonl'), 'utf8');
    writeFileSync(path('samples.jsonl'), log.replace(/"answer":"[^"]+"/, '"answer":"ETHICAL"'));
    expect(() => verify(short.directory)).toThrow(/the samples are not the ones of the result$/);
    writeFileSync(path('samples.jsonl'), log.slice(log.indexOf('\n') + 1));
    expect(() => verify(short.directory)).toThrow(/the samples are not the ones of the result$/);
    writeFileSync(path('samples.jsonl'), log);
    appendFileSync(path('samples.jsonl'), log.slice(0, log.indexOf('\n') + 1));
    expect(() => verify(short.directory)).toThrow(/for the second time$/);
  });
});
