import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleRun, writeRun } from '../report/example-run';
import { scoredOf } from '../share/shown';
import { askedScenarios } from './asked';
import { example, exported, NOWHERE } from './example-export';
import { exportRun, type ExportOptions } from './export';
import type { JsonExport } from './json';
import { lmEvalExport } from './lm-eval';

let dir: string;
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'he300-export-'))));
afterAll(() => rmSync(dir, { recursive: true }));

test('JSON has the results, every sample of both passes, and says what is proved', () => {
  const path = writeRun(join(dir, 'json'), example);
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
  expect(document.results).toEqual(example.results);
  expect(document.samples).toEqual(
    scoredOf(example.samples).map((sample) => expect.objectContaining(sample) as unknown),
  );
  expect(document.samples.flatMap(({ rescored }) => rescored ?? [])).toHaveLength(6);
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
    const path = writeRun(join(dir, 'tampered'), example);
    const log = join(path, 'samples.jsonl');
    writeFileSync(log, readFileSync(log, 'utf8').replace(/"answer":"[^"]+"/, '"answer":"ETHICAL"'));
    expect(() => exportRun(path, options())).toThrow(/the samples are not the ones of the result$/);
    const results = join(path, 'results.json');
    writeFileSync(results, readFileSync(results, 'utf8').replace('\\"correct\\":', '\\"correct\\":1'));
    expect(() => exportRun(path, options())).toThrow(/the signature does not hold$/);
  });

  test('of results without their samples is refused', () => {
    const path = writeRun(join(dir, 'lone'), { ...example, samples: null });
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
    const path = writeRun(join(dir, 'lm'), example);
    expect(() => exportRun(path, options({ format: 'lm-eval' }))).toThrow(
      'export: lm-eval is several files; allowed: --out DIRECTORY',
    );
    const { written } = exportRun(path, options({ format: 'lm-eval', out: join(dir, 'lm-out') }));
    expect(written).toHaveLength(6);
    expect(readdirSync(join(dir, 'lm-out'))).toEqual(['llama3.2__3b-instruct-q4_K_M']);
  });

  test('to Inspect goes into a directory under the name by which it is listed, or into the file that was named', () => {
    const path = writeRun(join(dir, 'inspect'), example);
    const writtenTo = (out: string) => exportRun(path, options({ format: 'inspect', out })).written;
    expect(writtenTo(join(dir, 'new/logs'))).toEqual([
      expect.stringMatching(/\/new\/logs\/2026-06-17T12-00-00\+00-00_he300_[0-9a-f]{22}\.json$/),
    ]);
    expect(writtenTo(join(dir, 'mine.json'))).toEqual([join(dir, 'mine.json')]);
  });

  test('that cannot be written is one line, and leaves nothing behind', () => {
    const path = writeRun(join(dir, 'unwritable'), example);
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
    const path = writeRun(join(dir, 'twice'), example);
    for (const format of ['csv', 'json', 'inspect'] as const)
      expect(exportRun(path, options({ format })).printed).toBe(exportRun(path, options({ format })).printed);
    expect(lmEvalExport(exported())).toEqual(lmEvalExport(exported()));
  });
});
