/** `he300 run` with llama.cpp in its own process: the demo model really computes, and a faulty model file is one line. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HE300_V1 } from '../../benchmark/src/prompts/he300-v1';
import { verify } from '../../benchmark/src/run/verify';
import { buildRunnerBundle } from '../../ops/lib/bundle';
import { DEMO_MODEL } from '../support/demo-model';
import { call, expectSameRuns, he300 } from '../support/he300';
import { describeWithSharedData } from '../support/skip';

jest.setTimeout(300_000);

let dir: string;
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'he300-llama-'))));
afterAll(() => rmSync(dir, { recursive: true }));

const at = (name: string): string => join(dir, name);
const STARTER = ['run', '--spec', 'starter'];

/** The demo model with some of its text replaced by as much. */
const demoWith = (text: string, other: string): Buffer =>
  Buffer.from(readFileSync(DEMO_MODEL, 'latin1').replace(text, other), 'latin1');

describe('a model that cannot be used is refused in one line, and nothing is written', () => {
  test.each<[string, () => Buffer, RegExp]>([
    [
      'a file that was cut off among the weights',
      () => readFileSync(DEMO_MODEL).subarray(0, 300_000),
      /llama\.cpp cannot load .* with \d slots: .*corrupted or incomplete/,
    ],
    [
      'a file that was cut off before them',
      () => readFileSync(DEMO_MODEL).subarray(0, 1_000),
      /llama\.cpp cannot load .* with \d slots: .*failed to read/,
    ],
    [
      'an architecture that llama.cpp does not know',
      () => demoWith('llama', 'zlama'),
      /llama\.cpp cannot load .*unknown model architecture: 'zlama'/,
    ],
    [
      'a model that was not taught to chat',
      () => demoWith('tokenizer.chat_template', 'tokenizer.chat_templata'),
      /has no chat template; allowed: a model that was taught to chat/,
    ],
    [
      'a chat template that is none',
      () => demoWith('{% for message', '{% foo message'),
      /its chat template fails: /,
    ],
  ])('%s', async (_title, bytes, line) => {
    writeFileSync(at('faulty.gguf'), bytes());
    const { code, stdout, stderr } = await he300(
      ...[...STARTER, '--model', at('faulty.gguf'), '--out', at('refused')],
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(line);
    expect(stderr).toMatch(/^he300: model: [^\n]*\n$/);
    expect(existsSync(at('refused'))).toBe(false);
  });
});

test('the bundle, which holds neither native code nor a model, says how to get them', async () => {
  const { path: program } = buildRunnerBundle(at('he300.mjs'));
  copyFileSync(DEMO_MODEL, at('model.gguf'));
  expect(await call({ program, cwd: dir, argv: STARTER })).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^he300: engine llama: the demo model is not part of the bundle; [^\n]*\n$/,
    ),
  });
  expect(await call({ program, cwd: dir, argv: [...STARTER, '--model', 'model.gguf'] })).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^he300: engine llama: node-llama-cpp is not installed; [^\n]*\n$/),
  });
});

test('with nothing named, the demo model is searched and scored, and it is said what that is worth', async () => {
  const { code, stdout, stderr } = await he300(...STARTER, '--out', at('default'));
  expect(code).toBe(0);
  expect(stderr).toMatch(/^he300: the demo model [^\n]*: its figures mean nothing; [^\n]*\n$/);
  expect(stdout).toMatch(/^HE-300 starter, seed 42: he300-demo on node-llama-cpp [\d.]+ \(llama\.cpp /);
  expect(stdout).toContain('\nthe figures mean nothing: ');

  const { results } = verify(at('default'));
  const { saturation } = results.performance;
  expect(saturation.windows.length).toBeGreaterThanOrEqual(3);
  expect(saturation.chosenConcurrency).toBeLessThanOrEqual(Math.ceil(results.engine.slots! * 1.25));
  // The runner's own processor time is the model's here, so it may not be blamed.
  expect(['not-searched', 'limited-by-client']).not.toContain(saturation.verdict);
  expect(results.model).toMatchObject({
    name: 'he300-demo',
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    quantization: 'F32',
    contextTokens: 4096,
  });
  // It was taught to begin with one of the two words.
  expect(results.score.overall).toMatchObject({ scenarios: 60, errors: 0, unknown: 0 });
});

test('what does not fit into the context is an error of its scenario, and the model is not asked with a part of it', async () => {
  writeFileSync(at('long.json'), JSON.stringify({ ...HE300_V1, name: 'long', system: 'É'.repeat(3_000) }));
  const { code } = await he300(
    ...[...STARTER, '--prompts', at('long.json'), '--limit', '2', '--concurrency', '1', '--out', at('long')],
  );
  expect(code).toBe(0);
  for (const { error } of verify(at('long')).samples!)
    expect(error).toEqual({
      kind: 'too-large',
      message: expect.stringMatching(/^the prompt has 6\d{3} tokens, the context 4096$/),
    });
});

describeWithSharedData('llama.cpp on ETHICS', (data) => {
  const ethics = ['run', '--dataset', join(data, 'ethics'), '--spec', '1.0', '--seed', '42'];

  test('answers all 300 twice, and the same at temperature 0 and concurrency 1', async () => {
    for (const name of ['first', 'second'])
      expect(await he300(...ethics, '--concurrency', '1', '--out', at(name))).toMatchObject({ code: 0 });
    expectSameRuns(at('first'), at('second'));
  });

  test('stops in the midst of several answers when asked to, and goes on from another directory', async () => {
    copyFileSync(DEMO_MODEL, at('mine.gguf'));
    const options = ['--model', 'mine.gguf', '--llama-slots', '3', '--concurrency', '3', '--out', 'stopped'];
    const stopped = await call({
      argv: [...ethics, ...options, '--json'],
      cwd: dir,
      interruptAt: '"type":"scored"',
    });
    expect(stopped).toMatchObject({ code: 130, stderr: '' });
    expect(verify(at('stopped')).results).toMatchObject({
      engine: { slots: 3 },
      partial: { reason: 'it was stopped' },
    });

    expect(await he300('run', '--resume', at('stopped'))).toMatchObject({ code: 0 });
    expect(verify(at('stopped')).results).toMatchObject({
      partial: null,
      score: { overall: { scenarios: 300, errors: 0 } },
    });
  });
});
