/** What a user does with `he300` from a run to a comparison, against a model server double. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Comparison } from '../compare/compare';
import { serve } from '../engines/engine-doubles';
import { modelDouble, type ModelDouble } from '../engines/model-double';
import { judgeDouble } from '../judge/judge.double';
import { called as he300 } from './called';

let dir: string;
let server: ModelDouble;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'he300-commands-'));
  server = await modelDouble();
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
});

const at = (name: string): string => join(dir, name);
const starter = (name: string, ...more: readonly string[]) => [
  ...['run', '--spec', 'starter', '--engine', 'openai', '--url', server.url.href, '--model', 'double'],
  ...['--concurrency', '4', '--out', at(name), ...more],
];

test.each([
  [['--engine', 'ollama'], 'engine ollama: no --model; allowed: a model, as the server names it'],
  [['--engine', 'ollama', '--llama-slots', '2'], 'engine ollama: --llama-slots; allowed: with llama'],
  [
    ['--engine', 'llama', '--url', 'http://127.0.0.1:1'],
    'engine llama: --url http://127.0.0.1:1; allowed: none, because the model is in this process',
  ],
  [['--model', 'nowhere/model.gguf'], 'model: cannot read nowhere/model.gguf: ENOENT; allowed: a GGUF file'],
])('a run with %p is refused in one line', async (options, line) => {
  expect(await he300(['run', '--spec', 'starter', ...options])).toEqual({
    code: 1,
    stdout: '',
    stderr: `he300: ${line}\n`,
  });
});

test.each([
  [
    ['--judge-url', 'http://127.0.0.1:1/v1'],
    2,
    'he300: --judge-url and --judge-model go together; see --help\n',
  ],
  [
    ['--judge-url', 'http://127.0.0.1:1/v1', '--judge-model', 'x'],
    1,
    /^he300: judge: engine openai at http:\/\/127\.0\.0\.1:1\/v1: no answer from .*\n$/,
  ],
  [['--batch-size', '4'], 1, 'he300: engine openai: --batch-size; allowed: with ethicsengine, cirisnode\n'],
  [
    ['--engine', 'cirisnode'],
    1,
    'he300: engine cirisnode: no credentials; allowed: HE300_API_KEY, or HE300_USERNAME and HE300_PASSWORD\n',
  ],
])('a run with %j cannot begin, and says so in one line', async (more, code, stderr) => {
  const called = await he300(starter('refused', ...more));
  expect(called).toMatchObject({ code, stdout: '' });
  expect(called.stderr).toMatch(stderr);
  expect(called.stderr.split('\n')).toHaveLength(2);
  expect(existsSync(at('refused'))).toBe(false);
});

test('what a server says of itself gives a terminal no orders', async () => {
  const list = JSON.stringify({ data: [{ id: 'one\u001b[2J\ntwo' }] });
  const odd = await serve((_request, response) => void response.end(list));
  const { code, stderr } = await he300([...starter('odd'), '--url', odd.url.href]);
  await odd.close();
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'he300: model: double; allowed: one [2J two\n' });
});

test('a judge’s reading stands in the report, and is shown as it comes', async () => {
  const judge = await judgeDouble();
  const judged = starter('judged', '--judge-url', judge.url.href, '--judge-model', 'reader');
  const { code, stdout, stderr } = await he300(judged, { terminalColumns: 100 });
  await judge.close();
  expect(code).toBe(0);
  expect(stderr).toMatch(/█{20} 60\/60 {2}read by the judge\n/);
  expect(stdout).toMatch(/reader/);
});

test('a run ends in a report whose every percentage has its interval, and which verify and report accept', async () => {
  const { code, stdout, stderr } = await he300(starter('a', '--usd-per-hour', '1.2'));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^HE-300 starter, seed 42: double on llama-server double\n/);
  expect(stdout).toMatch(/\noverall +60 +\d+ +[\d.]+ % +[\d.]+ % to [\d.]+ % +[\d.]+ % /);
  expect(stdout).toContain('comparable with nobody’s');
  expect(stdout).toMatch(/\ncost: \$0\.00 at \$1\.200 an hour\n/);
  expect(await he300(['verify', at('a')])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^signature holds: run local-.*\nsamples are bound to it: 60 scored\n$/),
  });
  expect(stdout).toContain((await he300(['report', at('a')])).stdout);
});

test('progress is a line that is rewritten on a terminal, and JSON lines for programs', async () => {
  const { stderr } = await he300(starter('terminal'), { terminalColumns: 100 });
  expect(stderr).toMatch(/█{20} 60\/60 {2}[\d.]+ % right so far, \d+ tokens\/s at 4, 0 s left\n/);
  for (const line of stderr.split(/\r\u001b\[K|\n/)) expect(line.length).toBeLessThan(100);

  const { stdout } = await he300(starter('json', '--json'));
  const types = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { type: string }).type);
  expect([types[0], types.at(-1)]).toEqual(['begun', 'ended']);
  expect(types.filter((type) => type === 'scored')).toHaveLength(60);
});

test('a run that is stopped ends with a partial result and code 130, and a resume completes it', async () => {
  const stop = new AbortController();
  stop.abort();
  const stopped = await he300(starter('stopped'), { stop: stop.signal });
  expect(stopped).toMatchObject({
    code: 130,
    stdout: expect.stringContaining('PARTIAL: it was stopped; 0.0 %'),
  });
  expect(await he300(['compare', at('a'), at('stopped')])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/is partial: it was stopped; allowed: a run that is complete\n$/),
  });
  expect(await he300(['run', '--resume', at('stopped'), '--seed', '7'])).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'he300: --seed with --resume, where the plan says it; allowed: --url, --judge-url, --dataset, --json; see --help\n',
  });
  expect((await he300(['run', '--resume', at('stopped')])).code).toBe(0);
  expect(await he300(['compare', at('a'), at('stopped'), '--fail-if', 'worse'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^stopped against a: tied\n {2}0\.0 points, /),
  });
});

describe('a comparison', () => {
  test('of different samples is refused, or made over what they share', async () => {
    await he300(starter('limited', '--limit', '20'));
    expect(await he300(['compare', at('a'), at('limited')])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^he300: compare: limited has another sample .*; allowed: the same, or --intersect\n$/,
      ),
    });
    const { code, stdout } = await he300(['compare', at('a'), at('limited'), '--intersect', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { scenarios: 20, verdict: 'tied', discordant: [] } satisfies Partial<Comparison>,
    ]);
  });

  test('of other prompts is refused: the difference would be theirs', async () => {
    const { HE300_V1 } = await import('../prompts/he300-v1');
    writeFileSync(at('prompts.json'), JSON.stringify({ ...HE300_V1, name: 'mine' }));
    await he300(starter('prompted', '--prompts', at('prompts.json')));
    expect((await he300(['compare', at('a'), at('prompted')])).stderr).toMatch(
      /^he300: compare: prompted has prompts mine v1, a has he300 v1; allowed: the same\n$/,
    );
  });

  test('of a result without its samples, or of no run, is refused', async () => {
    expect((await he300(['compare', at('a'), at('a/results.json')])).stderr).toMatch(
      /^he300: compare: no samples beside /,
    );
    expect((await he300(['compare', at('a'), at('nothing')])).stderr).toMatch(
      /^he300: verify: no .*nothing; allowed: /,
    );
  });

  test('fails on a candidate that is worse, when asked to', async () => {
    const { HE300_V1 } = await import('../prompts/he300-v1');
    // A model that says nothing which can be read is as wrong as can be.
    const { modelDouble: silent } = await import('../engines/model-double');
    const mute = await silent({
      interfere: (_index, _request, response) => {
        response.end('data: {"choices":[{"delta":{"content":"hm"}}]}\n\ndata: [DONE]\n\n');
        return true;
      },
    });
    expect(HE300_V1.version).toBe('1');
    await he300([...starter('mute'), '--url', mute.url.href]);
    await mute.close();
    const { code, stdout } = await he300(['compare', at('a'), at('mute'), '--fail-if', 'worse']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^mute against a: worse\n/);
    expect(readFileSync(at('mute/results.json'), 'utf8')).toContain('\\"unknown\\":60');
  });
});
