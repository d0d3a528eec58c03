/** `he300 run` against a real Ollama with the demo model, in Ollama's own words and in OpenAI's. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OllamaEngine } from '../../benchmark/src/engines/ollama';
import { verify } from '../../benchmark/src/run/verify';
import { sharedData } from '../support/data';
import { DEMO_MODEL } from '../support/demo-model';
import { answersOf, expectSameRuns, he300 } from '../support/he300';
import { createModel, startOllama, type OllamaServer } from '../support/ollama';
import { describeWithSharedData, describeWithTools } from '../support/skip';

jest.setTimeout(600_000);

const SLOTS = 2;
const MODEL = 'he300-demo';
/** One that was built from its module says 0.0.0. */
const VERSION = /^ollama \d+\.\d+\.\d+/;

describeWithTools(['ollama'], 'a real Ollama', ({ ollama }) => {
  let dir: string;
  let server: OllamaServer;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'he300-ollama-run-'));
    server = await startOllama(ollama, SLOTS);
    createModel(ollama, server, MODEL, DEMO_MODEL);
  });
  afterAll(async () => {
    await server.stop();
    rmSync(dir, { recursive: true });
  });

  const at = (name: string): string => join(dir, name);
  const ask = (...options: readonly string[]) =>
    he300('run', '--engine', 'ollama', '--url', server.url.href, '--max-tokens', '8', ...options);

  test('tells its version, the model’s digest and the slots it was started with', async () => {
    const engine = new OllamaEngine({
      baseUrl: server.url,
      model: MODEL,
      generation: { temperature: 0, maxTokens: 8, seed: 1 },
    });
    expect(await engine.describe()).toMatchObject({
      engine: { name: 'ollama', server: expect.stringMatching(VERSION), slots: SLOTS },
      model: { digest: expect.stringMatching(/^[0-9a-f]{64}$/), quantization: null, contextTokens: 4096 },
      notes: [],
    });
    await engine.close();
  });

  test('lacks a model that nobody made, and the run says which there are', async () => {
    expect(await ask('--spec', 'starter', '--model', 'nobody')).toEqual({
      code: 1,
      stdout: '',
      stderr: `he300: model: nobody; allowed: ${MODEL}:latest\n`,
    });
  });

  test('is searched for its best concurrency, within its slots', async () => {
    const options = ['--spec', 'starter', '--model', MODEL, '--out', at('searched')];
    expect(await ask(...options)).toMatchObject({ code: 0, stderr: '' });
    const { score, performance } = verify(at('searched')).results;
    expect(performance.saturation.windows.length).toBeGreaterThanOrEqual(3);
    expect(performance.saturation.chosenConcurrency).toBeLessThanOrEqual(Math.ceil(SLOTS * 1.25));
    expect(performance.saturation.verdict).not.toBe('not-searched');
    expect(score.overall).toMatchObject({ scenarios: 60, errors: 0 });
  });

  test('answers the engine openai the same as the engine ollama', async () => {
    const v1 = new URL('/v1', server.url).href;
    const same = ['--spec', 'starter', '--model', MODEL, '--concurrency', '1'];
    const whole = { code: 0, stderr: '' };
    expect(await ask(...same, '--out', at('own'))).toMatchObject(whole);
    const other = ['--engine', 'openai', '--url', v1, '--out', at('openai')];
    expect(await ask(...same, ...other)).toMatchObject(whole);
    expect(verify(at('openai')).results).toMatchObject({
      engine: { name: 'openai', server: expect.stringMatching(VERSION) },
      score: { overall: { scenarios: 60, errors: 0 } },
    });
    expect(answersOf(at('openai'))).toEqual(answersOf(at('own')));
    for (const { promptTokens, outputTokens, timing } of verify(at('openai')).samples!) {
      expect(promptTokens).toBeGreaterThan(50);
      expect(outputTokens).toBeGreaterThan(0);
      expect(timing.firstTokenMs).not.toBeNull();
    }
  });

  const data = sharedData();
  describeWithSharedData('on ETHICS', () => {
    const ethics = 'path' in data ? join(data.path, 'ethics') : '';

    test('answers all 300 twice, and the same at temperature 0 and concurrency 1', async () => {
      const options = ['--spec', '1.0', '--seed', '42', '--dataset', ethics, '--model', MODEL];
      for (const name of ['first', 'second']) {
        const { code, stdout } = await ask(...options, '--concurrency', '1', '--out', at(name));
        expect(code).toBe(0);
        expect(stdout).toContain(`HE-300 1.0, seed 42: ${MODEL} on ollama`);
      }
      expectSameRuns(at('first'), at('second'));
    });
  });
});
