import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { results as resultsSchema, signedResults } from '../contract/results';
import type { Sample } from '../contract/sample';
import { modelDouble, type ModelDouble } from '../engines/model-double';
import { bindingSha256 } from '../run/binding';
import { RunDirectory } from '../run/directory';
import { readSamples } from '../run/sample-log';
import { ShortRun } from '../run/short-run';
import { runKey, signResults } from '../run/signing';
import { loadRuns } from './load-runs';

let short: ShortRun;
let server: ModelDouble;
beforeAll(async () => {
  short = new ShortRun();
  server = await modelDouble();
  await short.whole(server.url, { rescoreFraction: 0 });
});
afterAll(async () => {
  short.remove();
  await server.close();
});

/** A run that differs in its first sample, and holds all the same. */
function changed(name: string, change: (sample: Sample) => Sample): string {
  const path = `${short.directory}-${name}`;
  cpSync(short.directory, path, { recursive: true });
  const [first, ...others] = readSamples(join(path, 'samples.jsonl'));
  const samples = [change(first!), ...others];
  writeFileSync(join(path, 'samples.jsonl'), samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''));
  const signed = signedResults.parse(JSON.parse(readFileSync(join(path, 'results.json'), 'utf8')));
  const results = resultsSchema.parse(JSON.parse(signed.results));
  const correct = samples.filter(({ judgement }) => judgement.outcome === 'correct').length;
  const overall = { ...results.score.overall, correct };
  const bound = {
    ...results,
    score: { ...results.score, overall },
    bindingSha256: bindingSha256(results, samples),
  };
  const key = runKey(RunDirectory.open(path));
  writeFileSync(join(path, 'results.json'), JSON.stringify(signResults(JSON.stringify(bound), key)));
  return path;
}

const load = (...paths: readonly string[]) => loadRuns(paths, { intersect: true });

test('the same id with another label, or another text, is not the same scenario', () => {
  const relabelled = changed('relabelled', (sample) => ({
    ...sample,
    expected: sample.expected === 1 ? 0 : 1,
    judgement: { outcome: 'unknown', predicted: null, rule: null },
  }));
  expect(() => load(short.directory, relabelled)).toThrow(
    /^compare: \S+ has label \d in run-relabelled and \d in run; allowed: the same files of ETHICS$/,
  );
  const reworded = changed('reworded', (sample) => ({ ...sample, promptSha256: 'a'.repeat(64) }));
  expect(() => load(short.directory, reworded)).toThrow(
    /^compare: \S+ is another text in run-reworded than in run; allowed: the same files of ETHICS$/,
  );
});

test('runs are named by their directories, as far up as it takes to tell them apart', () => {
  const elsewhere = join(`${short.directory}-elsewhere`, 'run');
  mkdirSync(`${short.directory}-elsewhere`);
  cpSync(short.directory, elsewhere, { recursive: true });
  expect(load(short.directory, elsewhere).map(({ name }) => name)).toEqual([short.directory, elsewhere]);
  const other = changed('other', (sample) => sample);
  expect(load(short.directory, other).map(({ name }) => name)).toEqual(['run', 'run-other']);
});
