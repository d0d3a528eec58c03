import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleSample } from '../contract/examples';
import type { Sample } from '../contract/sample';
import { readSamples, SampleLog } from './sample-log';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'he300-log-'));
  path = join(dir, 'samples.jsonl');
});
afterEach(() => rmSync(dir, { recursive: true }));

const numbered = (index: number): Sample => ({
  ...exampleSample,
  index,
  scenarioId: `test:virtue:${String(index).padStart(5, '0')}`,
});

async function write(...samples: readonly Sample[]): Promise<void> {
  const log = SampleLog.open(path);
  for (const entry of samples) log.append(entry);
  await log.close();
}

describe('a log that was damaged', () => {
  test('by a kill in the middle of a line goes on after the last whole one', async () => {
    await write(numbered(0), numbered(1));
    const whole = readFileSync(path);
    appendFileSync(path, JSON.stringify(numbered(2)).slice(0, 100));
    const log = SampleLog.open(path);
    expect(log.repaired).toBe(true);
    expect(log.existing).toEqual([numbered(0), numbered(1)]);
    expect(readFileSync(path)).toEqual(whole);
    log.append(numbered(2));
    await log.close();
    expect(readSamples(path)).toEqual([numbered(0), numbered(1), numbered(2)]);
  });

  test.each([
    ['no JSON', 'x', /samples\.jsonl, line 2: no sample: /],
    ['a field that is wrong', JSON.stringify({ ...exampleSample, attempts: 0 }), /line 2: attempts: /],
    [
      'a sample that stands there already',
      JSON.stringify(numbered(0)),
      /line 2: scored test:virtue:00000 for the second time$/,
    ],
  ])('in the middle is told by its line, and left as it is: %s', async (_title, line, message) => {
    await write(numbered(0));
    appendFileSync(path, `${line}\n${JSON.stringify(numbered(5))}\n`);
    const before = readFileSync(path);
    expect(() => SampleLog.open(path)).toThrow(message);
    expect(readFileSync(path)).toEqual(before);
  });
});

test('a full disk is an error of one line, and the run hears of it', async () => {
  symlinkSync('/dev/full', path);
  const log = SampleLog.open(path);
  log.append(numbered(0));
  await expect(log.close()).rejects.toThrow(
    /^sample log: cannot write .*ENOSPC.*; free the disk and resume$/,
  );
  expect(() => log.append(numbered(1))).toThrow(/ENOSPC/);
});

test('samples of many batches all reach the disk, in order', async () => {
  const log = SampleLog.open(path);
  const samples = Array.from({ length: 300 }, (_, i) => numbered(i));
  for (const entry of samples) {
    log.append(entry);
    if (entry.index % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 60));
  }
  await log.close();
  expect(readSamples(path)).toEqual(samples);
});

test('the same scenario may stand there once scored and once asked again', async () => {
  await write(numbered(0), { ...numbered(0), pass: 'rescored' });
  expect(readSamples(path)).toHaveLength(2);
});

test('an empty log is no sample', () => {
  writeFileSync(path, '');
  expect(readSamples(path)).toEqual([]);
});
