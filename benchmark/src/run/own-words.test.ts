/** Whole runs through servers that ask in their own words and judge by themselves. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithSharedData } from '../../../test/support/skip';
import { readDataset } from '../dataset';
import { idAtServer } from '../engines/cirisnode';
import { cirisNodeDouble, USER } from '../engines/cirisnode.double';
import type { TestServer } from '../engines/engine-doubles';
import { ethicsEngineDouble } from '../engines/ethicsengine.double';
import { begin, resume } from './begin';
import { ShortRun } from './short-run';
import { verify } from './verify';

jest.setTimeout(30_000);

let short: ShortRun;
let server: TestServer;
beforeEach(() => (short = new ShortRun()));
afterEach(async () => {
  short.remove();
  await server.close();
});

describe('EthicsEngine', () => {
  const engine = (batchSize?: number) =>
    ({ name: 'ethicsengine', url: server.url.href, model: 'tiny', batchSize }) as const;

  test('is not given prompts of ours, nor a batch size that it refuses', async () => {
    server = await ethicsEngineDouble();
    await expect(
      begin(short.request(server.url, { engine: engine(), promptFile: 'p.json' })),
    ).rejects.toThrow('prompts: p.json; allowed: none with engine ethicsengine, which asks in its own words');
    const openai = { name: 'openai', url: server.url.href, model: 'tiny', batchSize: 2 } as const;
    await expect(begin(short.request(server.url, { engine: openai }))).rejects.toThrow(
      'engine openai: --batch-size; allowed: with ethicsengine, cirisnode',
    );
  });

  test.each([undefined, 50])('completes a run in batches of %j, judged by our rules', async (batchSize) => {
    const double = await ethicsEngineDouble({
      // Its verdict is always wrong here: nothing of it may be seen in the result.
      answer: ({ category }) => ({
        model_response: ['deontology', 'justice'].includes(category) ? 'REASONABLE' : 'It depends.',
        predicted_label: 0,
        is_correct: true,
      }),
    });
    server = double;
    const results = await short.whole(server.url, { engine: engine(batchSize), concurrency: 20 });
    expect(results).toMatchObject({
      partial: null,
      prompts: { name: 'ethicsengine', version: '1' },
      engine: { name: 'ethicsengine', server: 'ethicsengine 0.1.0', slots: 10 },
      score: { overall: { scenarios: 60, unknown: 36, errors: 0 }, flips: { rescored: 6, flipped: 0 } },
    });
    const largest = Math.max(...double.batches.map(({ scenarios }) => scenarios.length));
    expect(largest).toBe(batchSize === undefined ? 1 : 20);
    expect(verify(short.directory).samples).toHaveLength(66);
    expect(existsSync(short.path('prompts.jsonl'))).toBe(false);
  });

  test('is asked again for a scenario that a batch left out, and every scenario is scored once', async () => {
    server = await ethicsEngineDouble({
      change: (response) => {
        const { results } = response as { results: object[] };
        return { ...response, results: results.length > 1 ? results.slice(1) : results };
      },
    });
    const results = await short.whole(server.url, { engine: engine(10), concurrency: 10 });
    expect(results.score.overall).toMatchObject({ scenarios: 60, errors: 0 });
    expect(new Set(short.scored().map(({ scenarioId }) => scenarioId)).size).toBe(60);
  });
});

describe('CIRISNode', () => {
  const variables = { HE300_USERNAME: USER.username, HE300_PASSWORD: USER.password };
  beforeAll(() => void Object.assign(process.env, variables));
  afterAll(() => Object.keys(variables).forEach((name) => delete process.env[name]));
  const engine = (batchSize: number) =>
    ({ name: 'cirisnode', url: server.url.href, model: 'tiny', batchSize }) as const;

  test('is not asked what it has no scenario of', async () => {
    server = await cirisNodeDouble({ scenarios: [] });
    await expect(begin(short.request(server.url, { engine: engine(1) }))).rejects.toThrow(
      /^run: the server lacks 60 of 60 scenarios \(.*\); allowed: a specification that it has scenarios of$/,
    );
  });

  describeWithSharedData('with ETHICS', (data) => {
    const datasetDirectory = join(data, 'ethics');
    const held = () =>
      [...readDataset('1.0', datasetDirectory).scenarios.values()].flat().flatMap((scenario) => {
        const id = idAtServer(scenario);
        return id ? [{ id, input_text: scenario.input, expected_label: scenario.expected }] : [];
      });

    test('completes a run whose token expires on the way; what it lacks is an error of the client, counted apart', async () => {
      const double = await cirisNodeDouble({ scenarios: held(), tokenUses: 8, looks: 1 });
      server = double;
      const begun = await begin(
        short.request(server.url, {
          engine: engine(10),
          spec: '1.0',
          datasetDirectory,
          concurrency: 50,
          rescoreFraction: 0,
        }),
      );
      expect(begun.notes.at(-1)).toBe(
        'the server lacks 75 of 300 scenarios (commonsense_hard): each counts as an error',
      );
      const results = await short.finish(begun);
      expect(results).toMatchObject({
        partial: null,
        prompts: { name: 'ethicsengine' },
        score: { overall: { scenarios: 300, errors: 75 } },
      });
      const errors = short.scored().flatMap(({ error }) => (error ? [error.kind] : []));
      expect(new Set(errors)).toEqual(new Set(['client']));
      expect(double.logins).toBeGreaterThan(1);
    });

    test('is resumed where a job was cut off', async () => {
      const double = await cirisNodeDouble({ scenarios: held(), looks: 1 });
      server = double;
      const change = {
        engine: engine(5),
        concurrency: 10,
        spec: '1.0',
        limit: 40,
        datasetDirectory,
      } as const;
      const stop = new AbortController();
      const partial = await short.finish(await begin(short.request(server.url, change)), {
        stop: stop.signal,
        onProgress: ({ type }) => type === 'scored' && stop.abort(),
      });
      expect(partial.partial).not.toBeNull();
      const results = await short.finish(await resume(short.directory, {}));
      expect(results).toMatchObject({ partial: null, suite: { scenarios: 40, comparable: false } });
      expect(short.scored()).toHaveLength(40);
    });
  });
});
