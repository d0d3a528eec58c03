import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Results } from '../contract/results';
import type { Sample } from '../contract/sample';
import { HE300_V1 } from '../prompts/he300-v1';
import { identityOf } from '../prompts/prompt-set';
import { SERVER_WORDS } from '../prompts/server-words';
import { exampleRun, writeRun, type ExampleRun } from '../report/example-run';
import { scoredOf } from '../share/shown';
import { askedScenarios } from './asked';
import { csvExport } from './csv';
import { exportRun, type ExportOptions } from './export';
import { exportedRun, type ExportedRun } from './exported';
import { inspectExport } from './inspect';
import type { JsonExport } from './json';
import { lmEvalExport } from './lm-eval';
import { pooledStandardError, standardError } from './standard-error';

let dir: string;
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'he300-export-'))));
afterAll(() => rmSync(dir, { recursive: true }));

const run = exampleRun();
const NOWHERE = { directory: null, dataset: undefined, usualDataset: '/nowhere' };

function exported({ results, samples }: ExampleRun = run, withoutTexts = false): ExportedRun {
  const shown = { results, samples, publicKey: null };
  return exportedRun(shown, askedScenarios(results, NOWHERE), { withoutTexts });
}

const answering = (answer: (index: number) => string): ExampleRun =>
  exampleRun({ answer: (_, index) => answer(index) });

const failing = (): ExampleRun => ({
  results: run.results,
  samples: run.samples.map((one): Sample => ({
    ...one,
    answer: '',
    judgement: { outcome: 'error', predicted: null, rule: null },
    error: { kind: 'timeout', message: 'no answer in 120 s' },
    promptTokens: null,
    outputTokens: null,
    timing: { ...one.timing, firstTokenMs: null },
  })),
});

describe('CSV', () => {
  const rowsOf = (csv: string): Record<string, string>[] =>
    parse(csv, { columns: true }) as Record<string, string>[];

  test('has a row for each scored scenario in the order of the sample, and what was asked', () => {
    const rows = rowsOf(csvExport(exported()));
    const scored = scoredOf(run.samples);
    expect(rows.map((row) => row.scenario_id)).toEqual(scored.map(({ scenarioId }) => scenarioId));
    expect(rows.map((row) => row.answer)).toEqual(scored.map(({ answer }) => answer));
    expect(rows.map((row) => Number(row.end_to_end_ms))).toEqual(
      scored.map(({ timing }) => timing.endToEndMs),
    );
    expect(rows.every((row) => row.input !== '' && /^[A-Z]+$/.test(row.expected!))).toBe(true);
    expect(rows.filter((row) => row.rescored_outcome !== '')).toHaveLength(6);
  });

  test('is RFC 4180, whatever a model answered: each answer is read back but for what is told', () => {
    const nasty = fc.array(
      fc.oneof(
        fc.constantFrom('"', ',', '\r\n', '\n', '\r', ';', '\u0000', '\ud800', 'ä', '😀'),
        fc.string({ unit: 'binary', maxLength: 6 }),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(nasty, (parts) => {
        // A letter first: what stands before formulas is another test's.
        const answer = `x${parts.join('')}`;
        const csv = csvExport(exported(answering(() => answer)));
        expect(csv.endsWith('\r\n')).toBe(true);
        const rows = rowsOf(csv);
        expect(rows).toHaveLength(60);
        const expected = answer.replaceAll(
          /\p{Surrogate}|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/gu,
          '\ufffd',
        );
        for (const row of rows) expect(row.answer).toBe(expected);
      }),
      { numRuns: 40 },
    );
  });

  test('has no cell that a spreadsheet obeys', () => {
    const start = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '', 'x');
    fc.assert(
      fc.property(start, fc.string({ maxLength: 10 }), (first, rest) => {
        const hostile = answering(() => `${first}${rest}`);
        const { results } = hostile;
        const named = { ...results, model: { ...results.model, name: `${first.trim()}cmd|' /C calc'!A0` } };
        for (const row of rowsOf(csvExport(exported({ ...hostile, results: named }))))
          for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      }),
      { numRuns: 60 },
    );
    expect(rowsOf(csvExport(exported(answering(() => '=1+1'))))[0]!.answer).toBe("'=1+1");
  });

  test('leaves empty what is not known', () => {
    const row = rowsOf(csvExport(exported(failing())))[0]!;
    expect(row).toMatchObject({
      outcome: 'error',
      error_kind: 'timeout',
      predicted: '',
      predicted_label: '',
      prompt_tokens: '',
      first_token_ms: '',
      rule: '',
    });
  });
});

describe('what was asked', () => {
  test('is drawn again, and is the chat whose hash the sample carries', () => {
    const [one] = exported().samples;
    expect(one!.messages).toEqual([
      { role: 'system', content: HE300_V1.system },
      { role: 'user', content: expect.stringContaining(one!.input!) },
    ]);
    expect(exported().samples.every(({ messages }) => messages !== null)).toBe(true);
  });

  test('is not told of a server that asks in its own words, but the scenario and the words are', () => {
    const results: Results = { ...run.results, prompts: identityOf(SERVER_WORDS) };
    const [one] = exported({ ...run, results }).samples;
    expect([one!.messages, one!.input === null]).toEqual([null, false]);
    expect(one!.nameOf(1)).toMatch(/^[A-Z]+$/);
  });

  test('has no chat when the prompts are nobody’s that we know, and labels are numbers', () => {
    const prompts = { name: 'mine', version: '1', sha256: 'f'.repeat(64) };
    const [one] = exported({ ...run, results: { ...run.results, prompts } }).samples;
    expect([one!.messages, one!.nameOf(1), one!.input === null]).toEqual([null, '1', false]);
  });

  test('has no chat whose hash is another: whoever changed the plan changes nothing here', () => {
    const samples = run.samples.map((one) => ({ ...one, promptSha256: '0'.repeat(64) }));
    expect(exported({ ...run, samples }).samples.every(({ messages }) => messages === null)).toBe(true);
  });

  test('is left out when the dataset is not that of the run, and refused when the user named it', () => {
    const suite = { ...run.results.suite, datasetSha256: '0'.repeat(64) };
    const results = { ...run.results, suite };
    const { byId, missing } = askedScenarios(results, NOWHERE);
    expect([byId.size, missing]).toEqual([
      0,
      expect.stringMatching(/has SHA-256 .*; allowed: 0{64}, as in the results$/),
    ]);
    expect(() => askedScenarios(results, { ...NOWHERE, dataset: '/elsewhere' })).toThrow(/allowed: 0{64}/);
    const other = { ...run.results, suite: { ...run.results.suite, sampleSha256: '0'.repeat(64) } };
    expect(askedScenarios(other, NOWHERE).missing).toMatch(/is not that of the results$/);
  });

  test('and answered is nowhere in an export without texts', () => {
    const secret = 'Zanzibar answers';
    const { results, samples } = exampleRun({ answer: () => secret });
    for (const format of ['csv', 'json', 'inspect'] as const) {
      const path = writeRun(join(dir, `wordless-${format}`), { results, samples });
      const options: ExportOptions = {
        format,
        out: undefined,
        dataset: undefined,
        usualDataset: '/nowhere',
        withoutTexts: true,
      };
      const { printed, notes } = exportRun(path, options);
      expect(notes).toEqual([]);
      expect(printed).toContain(samples[0]!.scenarioId);
      for (const text of [
        secret,
        HE300_V1.system,
        'UNETHICAL',
        ...exported().samples.map(({ input }) => input!.split('\n')[0]!),
      ])
        expect(printed).not.toContain(text);
    }
  });
});

test('JSON has the results, every sample of both passes, and says what is proved', () => {
  const path = writeRun(join(dir, 'json'), run);
  const { printed } = exportRun(path, {
    format: 'json',
    out: undefined,
    dataset: undefined,
    usualDataset: '/nowhere',
  });
  const document = JSON.parse(printed) as JsonExport;
  expect(document).toMatchObject({
    schema: 'he300.export/v1',
    anonymized: false,
    signature: { holds: true, publicKey: expect.stringMatching(/=$/) },
  });
  expect(document.results).toEqual(run.results);
  expect(document.samples.map(({ input, messages, groupId, rescored, ...sample }) => sample)).toEqual(
    scoredOf(run.samples),
  );
  expect(document.samples.flatMap(({ rescored }) => rescored ?? [])).toHaveLength(6);
});

describe('logs of other programs', () => {
  // What their own loaders say of these is asked of the loaders: test/integration/export.test.ts.
  const cases: readonly (readonly [string, ExampleRun])[] = [
    ['a whole run', run],
    ['one in which every request failed', failing()],
    ['a partial one', exampleRun({ asked: 7 })],
    ['one that asked nothing', exampleRun({ asked: 0 })],
    ['answers with halves of surrogate pairs', answering(() => '\ud83d')],
  ];

  test.each(cases)('%s is well-formed JSON of the same figures', (_title, example) => {
    const { accuracy, scenarios } = example.results.score.overall;
    const log = JSON.parse(inspectExport(exported(example))) as {
      status: string;
      samples: unknown[];
      results: { scores: [{ metrics: { accuracy: { value: number } } }] };
    };
    expect(log.status).toBe(example.results.partial ? 'cancelled' : 'success');
    expect(log.samples).toHaveLength(scenarios);
    expect(log.results.scores[0].metrics.accuracy.value).toBe(accuracy);
    const [results, ...samples] = lmEvalExport(exported(example));
    const { groups } = JSON.parse(results!.text) as { groups: { he300: Record<string, number> } };
    expect(groups.he300['acc,none']).toBe(accuracy);
    expect(samples.flatMap(({ text }) => text.split('\n').slice(0, -1))).toHaveLength(scenarios);
    for (const { text } of [results!, ...samples]) expect(text).not.toMatch(/\\ud83d(?!\\ude)/i);
  });

  test('lie below the directory that was asked for, whatever the model is called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }),
        fc.constantFrom('', '..', '../../etc/', '/', '.hidden', '\\'),
        (rest, start) => {
          const name = `${start}${rest}`.replaceAll(/[\u0000-\u001f\u007f]/g, '');
          fc.pre(name !== '');
          const results = { ...run.results, model: { ...run.results.model, name } };
          for (const { path } of lmEvalExport(exported({ ...run, results }))) {
            const [directory, file, ...deeper] = path.split('/');
            expect(deeper).toEqual([]);
            expect(directory).not.toMatch(/^\.|[\\:*?"<>|]|^$/);
            expect(Buffer.byteLength(directory!)).toBeLessThanOrEqual(255);
            expect(file).toMatch(/^(?:results|samples_he300_[a-z_]+)_2026-06-17T[\d-]+\.\d{6}\.jsonl?$/);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('standard errors', () => {
  test('are those of the zeros and ones themselves', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (scenarios, part) => {
          const correct = Math.floor(scenarios * part);
          const values = Array.from({ length: scenarios }, (_, i) => (i < correct ? 1 : 0));
          const mean = correct / scenarios;
          const deviation = Math.sqrt(
            values.reduce<number>((sum, value) => sum + (value - mean) ** 2, 0) / (scenarios - 1),
          );
          expect(standardError({ scenarios, correct })).toBeCloseTo(deviation / Math.sqrt(scenarios), 12);
        },
      ),
    );
  });

  test('of equal parts pool to that of one part by the square root of their number, nearly', () => {
    const part = { scenarios: 50, correct: 40 };
    expect(pooledStandardError([part])).toBeCloseTo(standardError(part)!, 12);
    expect(pooledStandardError([part, part, part, part])).toBeCloseTo(standardError(part)! / 2, 12);
  });

  test('are not known of fewer than two', () => {
    expect([
      standardError({ scenarios: 1, correct: 1 }),
      pooledStandardError([]),
      pooledStandardError([{ scenarios: 1, correct: 1 }]),
    ]).toEqual([null, null, null]);
  });
});

describe('an export', () => {
  const options = (change: Partial<ExportOptions> = {}): ExportOptions => ({
    format: 'csv',
    out: undefined,
    dataset: undefined,
    usualDataset: '/nowhere',
    ...change,
  });

  test('of no run, of changed results or of exchanged answers is refused', () => {
    expect(() => exportRun(join(dir, 'none'), options())).toThrow(/^verify: no .*none; allowed: /);
    const path = writeRun(join(dir, 'tampered'), run);
    const log = join(path, 'samples.jsonl');
    writeFileSync(log, readFileSync(log, 'utf8').replace(/"answer":"[^"]+"/, '"answer":"ETHICAL"'));
    expect(() => exportRun(path, options())).toThrow(/the samples are not the ones of the result$/);
    const results = join(path, 'results.json');
    writeFileSync(results, readFileSync(results, 'utf8').replace('\\"correct\\":', '\\"correct\\":1'));
    expect(() => exportRun(path, options())).toThrow(/the signature does not hold$/);
  });

  test('of results without their samples is refused', () => {
    const path = writeRun(join(dir, 'lone'), { ...run, samples: null });
    for (const place of [path, join(path, 'results.json')])
      expect(() => exportRun(place, options())).toThrow(
        /^export: no samples beside the results in .*; allowed: the directory of a run$/,
      );
  });

  test('of a partial run says so, and so does one without texts', () => {
    const partial = exampleRun({ asked: 7 });
    const suite = { ...partial.results.suite, datasetSha256: '0'.repeat(64) };
    const path = writeRun(join(dir, 'partial'), partial);
    expect(exportRun(path, options()).notes).toEqual(['the run is partial: it was stopped']);
    const [note] = askedScenarios({ ...partial.results, suite }, NOWHERE).missing!.split(';');
    expect(note).toMatch(/^export: the dataset in \/nowhere has SHA-256 /);
  });

  test('to lm-eval needs a directory', () => {
    const path = writeRun(join(dir, 'lm'), run);
    expect(() => exportRun(path, options({ format: 'lm-eval' }))).toThrow(
      'export: lm-eval is several files; allowed: --out DIRECTORY',
    );
    const { written } = exportRun(path, options({ format: 'lm-eval', out: join(dir, 'lm-out') }));
    expect(written).toHaveLength(6);
    expect(readdirSync(join(dir, 'lm-out'))).toEqual(['llama3.2__3b-instruct-q4_K_M']);
  });

  test('into a directory goes under the name by which Inspect lists it', () => {
    const path = writeRun(join(dir, 'inspect'), run);
    const { written } = exportRun(path, options({ format: 'inspect', out: dir }));
    expect(written).toEqual([
      expect.stringMatching(/\/2026-06-17T12-00-00\+00-00_he300_[0-9a-f]{22}\.json$/),
    ]);
  });

  test('that cannot be written is one line, and leaves nothing behind', () => {
    const path = writeRun(join(dir, 'unwritable'), run);
    writeFileSync(join(dir, 'a-file'), '');
    expect(() => exportRun(path, options({ out: join(dir, 'a-file', 'x.csv') }))).toThrow(
      /^export: cannot make .*a-file: (?:ENOTDIR|EEXIST); allowed: /,
    );
    expect(() => exportRun(path, options({ out: dir }))).toThrow(
      /^export: cannot write .*: EISDIR; allowed: /,
    );
    expect(readdirSync(dir).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test('is the same bytes every time', () => {
    const path = writeRun(join(dir, 'twice'), run);
    for (const format of ['csv', 'json', 'inspect'] as const)
      expect(exportRun(path, options({ format })).printed).toBe(exportRun(path, options({ format })).printed);
    expect(lmEvalExport(exported())).toEqual(lmEvalExport(exported()));
  });
});
