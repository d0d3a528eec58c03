/** Exported runs are opened by the programs that they are made for. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportRun, type ExportOptions } from '../../benchmark/src/export/export';
import { pooledStandardError, standardError } from '../../benchmark/src/export/standard-error';
import { exampleRun, writeRun, type ExampleRun } from '../../benchmark/src/report/example-run';
import { scoredOf } from '../../benchmark/src/share/shown';
import type { Tool } from '../../ops/lib/tool';
import { describeWithTools } from '../support/skip';

let dir: string;
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'he300-exports-'))));
afterAll(() => rmSync(dir, { recursive: true }));

const NASTY = [
  '</script><script>alert(1)</script>',
  '\u0000\u001b[31m',
  'half a pair \ud83d',
  '"\\\n\r\t',
  '',
  'ä'.repeat(65_536),
];

/** Its answers are as bad as answers get, but for the first ones of each category. */
const nasty = (): ExampleRun => exampleRun({ answer: (_, index) => NASTY[index % NASTY.length]! });

/** No JSON outside ours may hold half a pair. */
const mended = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\ufffd');

/** Exports the run into a directory of its own. */
function exportAs(
  format: ExportOptions['format'],
  name: string,
  run: ExampleRun,
  change: Partial<ExportOptions> = {},
): string {
  const out = join(dir, `${format}-${name}`);
  mkdirSync(out);
  const path = writeRun(join(dir, `run-${format}-${name}`), run);
  exportRun(path, { format, out, dataset: undefined, usualDataset: '/nowhere', ...change });
  return out;
}

/** @throws Error when the program fails */
function python({ path }: Tool, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(path, args, {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    // Nothing is to be fetched, and nothing is to be left in the user's home.
    env: {
      ...process.env,
      HF_HUB_OFFLINE: '1',
      HF_HOME: join(dir, 'hf'),
      XDG_DATA_HOME: join(dir, 'data'),
      PYTHONUTF8: '1',
    },
  });
  if (status !== 0) throw new Error(`${args.join(' ')} failed (${status}): ${stderr.slice(-2_000)}`);
  return stdout;
}

const script = (name: string): string => join(__dirname, '../support', name);

interface InspectLog {
  readonly accuracies: Readonly<Record<string, number>>;
  readonly recomputed: number;
  readonly ids: readonly string[];
  readonly completions: readonly string[];
  readonly messages: readonly (readonly string[])[];
  readonly [fact: string]: unknown;
}

describeWithTools(['inspect_ai'], 'a log of Inspect AI', ({ inspect_ai }) => {
  const read = (directory: string): InspectLog => {
    const logs = JSON.parse(python(inspect_ai, script('read_inspect_log.py'), directory)) as InspectLog[];
    expect(logs).toHaveLength(1);
    return logs[0]!;
  };

  test('is listed and loaded, with the same figures, answers and chats', () => {
    const run = exampleRun();
    const log = read(exportAs('inspect', 'whole', run));
    const { overall, categories } = run.results.score;
    const scored = scoredOf(run.samples);
    expect(log).toMatchObject({
      listedTask: 'he300',
      status: 'success',
      model: 'ollama/llama3.2:3b-instruct-q4_K_M',
      temperature: 0,
      planned: 60,
      summaries: 60,
      errors: [],
      tokens: scored.reduce((sum, { promptTokens, outputTokens }) => sum + promptTokens! + outputTokens!, 0),
    });
    expect(log.accuracies).toEqual({
      he300: overall.accuracy,
      ...Object.fromEntries(categories.map(({ category, accuracy }) => [category, accuracy])),
    });
    expect(log.recomputed).toBeCloseTo(overall.accuracy, 12);
    expect([...log.ids].sort()).toEqual(scored.map(({ scenarioId }) => scenarioId).sort());
    expect([...log.completions].sort()).toEqual(scored.map(({ answer }) => answer).sort());
    expect(log.messages.every((roles) => roles.join() === 'system,user,assistant')).toBe(true);
  }, 120_000);

  test('is loaded however bad the answers are, when requests failed, and when the run is partial', () => {
    const run = nasty();
    expect([...read(exportAs('inspect', 'nasty', run)).completions].sort()).toEqual(
      scoredOf(run.samples)
        .map(({ answer }) => mended(answer))
        .sort(),
    );
    const failed = read(exportAs('inspect', 'failed', exampleRun({ answer: () => null })));
    expect([failed.recomputed, failed.errors]).toEqual([0, Array(60).fill('timeout: no answer in 120 s')]);
    const partial = read(exportAs('inspect', 'partial', exampleRun({ asked: 7 })));
    expect(partial).toMatchObject({ status: 'cancelled', planned: 60, summaries: 7 });
  }, 120_000);

  test('is taken by its viewer, and by its own conversion', () => {
    const logs = exportAs('inspect', 'viewer', exampleRun(), { anonymize: true });
    const bundle = join(dir, 'bundle');
    python(inspect_ai, '-m', 'inspect_ai', 'view', 'bundle', '--log-dir', logs, '--output-dir', bundle);
    expect(existsSync(join(bundle, 'index.html'))).toBe(true);
    const converted = join(dir, 'converted');
    python(inspect_ai, '-m', 'inspect_ai', 'log', 'convert', logs, '--to', 'eval', '--output-dir', converted);
    expect(read(converted)).toMatchObject({ summaries: 60, status: 'success' });
  }, 120_000);
});

interface LmEvalTask {
  readonly rows: number;
  readonly missing: readonly string[];
  readonly acc: number;
  readonly stderr: number | null;
  readonly docHashes: readonly boolean[];
  readonly promptHashes: readonly boolean[];
  readonly taskHash: string;
  readonly responses: readonly string[];
}

interface LmEvalResults {
  readonly table: string;
  readonly groups: string;
  readonly unknownKeys: readonly string[];
  readonly directory: boolean;
  readonly tasks: Readonly<Record<string, LmEvalTask>>;
  readonly pooled: number;
}

/** Value and standard error of `acc` in the row of a Markdown table that begins so. */
function accuracyIn(table: string, name: string): number[] {
  const cells = table
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .find((row) => row[1] === name && row[5] === 'acc');
  return [Number(cells?.[7]), Number(cells?.[9])];
}

/** As the table prints it. */
const rounded = (value: number): number => Number(value.toFixed(4));

describeWithTools(['lm_eval'], 'results of lm-evaluation-harness', ({ lm_eval }) => {
  const read = (directory: string): LmEvalResults =>
    JSON.parse(
      python(lm_eval, script('read_lm_eval_results.py'), directory, join(dir, 'hf')),
    ) as LmEvalResults;

  test('are found, loaded and tabulated, with the same figures, errors and hashes as its own code makes', () => {
    const run = exampleRun();
    const { table, groups, unknownKeys, directory, tasks, pooled } = read(exportAs('lm-eval', 'whole', run));
    const { overall, categories } = run.results.score;
    expect({ unknownKeys, directory }).toEqual({ unknownKeys: ['he300'], directory: true });
    expect(Object.keys(tasks).sort()).toEqual(categories.map(({ category }) => `he300_${category}`).sort());
    for (const { category, accuracy, scenarios, correct } of categories) {
      const { stderr, docHashes, promptHashes, ...task } = tasks[`he300_${category}`]!;
      expect(task).toMatchObject({ rows: scenarios, missing: [], acc: accuracy });
      expect(stderr).toBeCloseTo(standardError({ scenarios, correct })!, 12);
      expect([...docHashes, ...promptHashes]).not.toContain(false);
      expect(accuracyIn(table, `- ${category}`)).toEqual([rounded(accuracy), rounded(stderr!)]);
    }
    expect(pooled).toBeCloseTo(pooledStandardError(categories)!, 12);
    expect(accuracyIn(groups, 'he300')).toEqual([rounded(overall.accuracy), rounded(pooled)]);
  }, 120_000);

  test('are loaded however bad the answers are, and when requests failed', () => {
    const run = nasty();
    const { tasks } = read(exportAs('lm-eval', 'nasty', run));
    const responses = Object.values(tasks).flatMap((task) => task.responses);
    expect(responses.sort()).toEqual(
      scoredOf(run.samples)
        .map(({ answer }) => mended(answer))
        .sort(),
    );
    const failed = read(
      exportAs('lm-eval', 'failed', exampleRun({ answer: () => null }), { withoutTexts: true }),
    );
    expect(Object.values(failed.tasks).map(({ rows, acc }) => [rows, acc])).toEqual(Array(5).fill([12, 0]));
  }, 120_000);

  test('hash each task as its own tracker does', () => {
    const out = exportAs('lm-eval', 'hashes', exampleRun(), { anonymize: true });
    const [model] = readdirSync(out);
    const file = readdirSync(join(out, model!)).find((name) => name.startsWith('results_'))!;
    const { task_hashes } = JSON.parse(readFileSync(join(out, model!, file), 'utf8')) as {
      task_hashes: Readonly<Record<string, string>>;
    };
    const { tasks } = read(out);
    expect(task_hashes).toEqual(
      Object.fromEntries(Object.entries(tasks).map(([name, { taskHash }]) => [name, taskHash])),
    );
  }, 120_000);
});
