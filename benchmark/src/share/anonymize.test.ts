import fc from 'fast-check';
import { results as resultsSchema, type Results } from '../contract/results';
import { sample as sampleSchema, type Sample } from '../contract/sample';
import { exportedRun } from '../export/exported';
import { csvExport } from '../export/csv';
import { inspectExport, inspectFileName } from '../export/inspect';
import { jsonExport } from '../export/json';
import { lmEvalExport } from '../export/lm-eval';
import { exampleRun, exampleTelemetry } from '../report/example-run';
import { htmlReport } from '../report/html/page';
import { textReport } from '../report/text';
import { bindingSha256 } from '../run/binding';
import type { Verified } from '../run/verify';
import { shown } from './share';

const KEY = `${'A'.repeat(43)}=`;
const SIGNATURE = `${'B'.repeat(86)}==`;
const run: Verified = { ...exampleRun(), publicKey: KEY, signature: SIGNATURE };

/** Texts that an anonymized copy keeps, because without them nobody could ask the same again. `--help` says so. */
const KEPT = [
  ...['model.name', 'model.digest', 'model.quantization', 'prompts.name', 'prompts.version'],
  ...['engine.server', 'host.instanceType', 'host.gpu.name', 'host.gpu.driver', 'host.gpu.profile'],
  ...[
    'runner.version',
    'runner.node',
    'performance.telemetry.gpus.0.name',
    'performance.telemetry.gpus.0.throttled.0.reason',
  ],
  ...[
    'performance.saturation.telemetry.gpus.0.name',
    'performance.saturation.telemetry.gpus.0.throttled.0.reason',
  ],
];

/** Texts that the runner words itself: the names of the run are taken out of them, wherever they stand. */
const OWN_WORDS = /^partial\.reason$|^performance\.saturation\.(?:evidence|warnings|unknowns|windows)\b/;

interface Leaf {
  readonly path: string;
  readonly set: (text: string) => void;
}

const leavesOf = (value: unknown, path: readonly string[] = []): Leaf[] =>
  Object.entries(value as object).flatMap(([key, child]: [string, unknown]): Leaf[] => {
    const at = [...path, key];
    if (child !== null && typeof child === 'object') return leavesOf(child, at);
    if (typeof child !== 'string') return [];
    return [{ path: at.join('.'), set: (text) => void ((value as Record<string, string>)[key] = text) }];
  });

/** Nothing shared between two places, as a structured clone would keep it. */
const copied = (results: Results): Results => JSON.parse(JSON.stringify(results)) as Results;

const full = (): Results =>
  copied({
    ...run.results,
    partial: { reason: 'it was stopped', scored: 1 },
    trigger: {
      kind: 'pull-request',
      actor: 'a',
      repository: 'b/c',
      branch: 'd',
      commit: 'e'.repeat(40),
      pullRequest: 7,
    },
    engine: { ...run.results.engine },
  } satisfies Results);

/** Every text of the results that the contract lets be anything is a canary. */
function planted(canary: (path: string) => string): {
  readonly results: Results;
  readonly planted: readonly string[];
} {
  const results = full();
  const paths: string[] = [];
  for (const { path } of leavesOf(results)) {
    const copy = copied(results);
    leavesOf(copy)
      .find((leaf) => leaf.path === path)!
      .set(canary(path));
    if (!resultsSchema.safeParse(copy).success) continue;
    leavesOf(results)
      .find((leaf) => leaf.path === path)!
      .set(canary(path));
    paths.push(path);
  }
  return { results, planted: paths };
}

const outputs = async (verified: Verified): Promise<string> => {
  const copy = shown(verified, { anonymize: true });
  const exported = exportedRun(
    { ...copy, samples: copy.samples! },
    { byId: new Map() },
    { withoutTexts: false },
  );
  return [
    textReport(copy),
    await htmlReport(copy, exampleTelemetry()),
    ...[
      csvExport(exported),
      jsonExport(exported),
      inspectExport(exported),
      inspectFileName(exported.results),
    ],
    ...lmEvalExport(exported).flatMap(({ path, text }) => [path, text]),
  ].join('\n');
};

test('no canary of a field that is not needed to ask the same again comes out of any report or export', async () => {
  const order = leavesOf(full()).map(({ path }) => path);
  const tag = (path: string): string => `cnry${order.indexOf(path)}yrnc`;
  const { results, planted: paths } = planted((path) => (path === 'runId' ? `dev-${tag(path)}` : tag(path)));
  // The contract has grown or shrunk when this fails: decide what an anonymized copy does with the text.
  expect(paths.filter((path) => path.startsWith('trigger') || path.startsWith('host.id'))).toHaveLength(4);
  const text = await outputs({ ...run, results });
  const seen = paths.filter((path) => text.includes(tag(path)));
  expect(seen.filter((path) => !KEPT.includes(path) && !OWN_WORDS.test(path))).toEqual([]);
  expect(KEPT.filter((path) => !seen.includes(path))).toEqual([]);
});

test('names, addresses and times go, whatever they are and wherever the runner repeats them', async () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{7,20}$/).map((text) => `Q7${text}`);
  await fc.assert(
    fc.asyncProperty(name, name, name, name, name, async (host, actor, owner, repository, branch) => {
      const results = full();
      const runId = `dev-${host}`;
      const words = `${host} of ${actor} for ${owner}/${repository}, branch ${branch}, run ${runId}, 10.1.2.3:80, https://${host}.example/x`;
      const planted: Results = {
        ...results,
        runId,
        trigger: {
          kind: 'push',
          actor,
          repository: `${owner}/${repository}`,
          branch,
          commit: 'c0ffee'.repeat(7).slice(0, 40),
        },
        host: { ...results.host, id: host, region: 'eu-north-7' },
        model: { ...results.model, name: `/srv/${actor}/${owner}/tiny.gguf` },
        performance: {
          ...results.performance,
          saturation: {
            ...results.performance.saturation,
            evidence: [words],
            warnings: [words],
            unknowns: [words],
          },
          concurrencyChanges: [
            { atSeconds: 1, from: 2, to: 1, reason: `HTTP 503: ${words}` },
            { atSeconds: 2, from: 2, to: 1, reason: words },
          ],
        },
      };
      const samples = run.samples!.map((one, i): Sample =>
        i === 0
          ? {
              ...one,
              answer: '',
              judgement: { outcome: 'error', predicted: null, rule: null },
              error: { kind: 'http', message: `HTTP 500: ${words}` },
            }
          : one,
      );
      const text = (await outputs({ ...run, results: planted, samples })).toLowerCase();
      for (const secret of [
        host,
        actor,
        owner,
        repository,
        branch,
        runId,
        '10.1.2.3',
        'c0ffee',
        'eu-north-7',
        KEY,
        SIGNATURE,
      ])
        expect(text).not.toContain(secret.toLowerCase());
      expect(text).not.toMatch(/t12:0\d/);
      expect(text).toContain('tiny.gguf');
      expect(text).toContain('http 503');
    }),
    { numRuns: 20 },
  );
});

describe('an anonymized copy', () => {
  const copy = shown(run, { anonymize: true });

  test('is still what the contract says, with the same score, answers and binding', () => {
    expect(resultsSchema.parse(copy.results)).toEqual(copy.results);
    for (const one of copy.samples!) expect(sampleSchema.parse(one)).toEqual(one);
    expect(copy.results.score).toEqual(run.results.score);
    expect(bindingSha256(copy.results, copy.samples!)).toBe(run.results.bindingSha256);
    expect(copy.publicKey).toBeNull();
  });

  test('keeps the date and every distance in time', () => {
    const { startedAt, endedAt } = copy.results;
    expect(startedAt).toBe('2026-06-17T00:00:00.000Z');
    expect(Date.parse(endedAt) - Date.parse(startedAt)).toBe(
      Date.parse(run.results.endedAt) - Date.parse(run.results.startedAt),
    );
    const since = (at: string, start: string): number => Date.parse(at) - Date.parse(start);
    expect(copy.samples!.map(({ timing }) => since(timing.scheduledAt, startedAt))).toEqual(
      run.samples!.map(({ timing }) => since(timing.scheduledAt, run.results.startedAt)),
    );
  });

  test('has the same pseudonym every time, another for another run, and none that its id alone gives away', () => {
    const again = shown(run, { anonymize: true }).results.runId;
    const other = shown({ ...run, signature: SIGNATURE.replace('B', 'C') }, { anonymize: true }).results
      .runId;
    expect(again).toBe(copy.results.runId);
    expect(other).not.toBe(again);
    expect(again).toMatch(/^anon-[0-9a-f]{16}$/);
  });

  test.each([
    ['/srv/acme/llama.gguf', 'llama.gguf'],
    ['models/acme/llama.gguf', 'llama.gguf'],
    ['C:\\acme\\llama.gguf', 'llama.gguf'],
    ['~/acme/', 'acme'],
    ['file:///acme/llama', 'llama'],
    ['meta-llama/Llama-3.2-3B', 'meta-llama/Llama-3.2-3B'],
    ['llama3.2:3b', 'llama3.2:3b'],
    ['/', 'model'],
  ])('names the model %s %s', (name, expected) => {
    const results = { ...run.results, model: { ...run.results.model, name } };
    expect(shown({ ...run, results }, { anonymize: true }).results.model.name).toBe(expected);
  });
});

test('texts and prices go when asked, and nothing else does', () => {
  const wordless = shown(run, { withoutTexts: true });
  expect(wordless.samples!.every(({ answer }) => answer === '')).toBe(true);
  expect(wordless.results).toEqual(run.results);
  const { cost } = shown(run, { withoutPrices: true }).results;
  expect(cost).toEqual({ ...run.results.cost, usdPerHour: null, capUsd: null, spentUsd: null });
  expect(shown(run, {})).toMatchObject({ results: run.results, samples: run.samples, publicKey: KEY });
});
