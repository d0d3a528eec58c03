import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleTelemetry } from './example-run';
import { readTelemetry } from './read-telemetry';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'he300-telemetry-'))));
afterEach(() => rmSync(dir, { recursive: true }));

const lines = exampleTelemetry().slice(0, 5);
const written = (...texts: readonly string[]): string => {
  const file = join(dir, 'telemetry.jsonl');
  writeFileSync(file, texts.join('\n'));
  return file;
};

test('lines are read in the order of their times', () => {
  const texts = lines.map((line) => JSON.stringify(line));
  expect(readTelemetry(written(...texts.toReversed(), ''))).toEqual({ lines, unread: 0 });
});

test('what is no reading is counted and left out, so that a report is never lost for it', () => {
  const [first, second] = lines.map((line) => JSON.stringify(line));
  const file = written(first!, '{"schema":"he300.telemetry/v2"}', 'null', second!, first!.slice(0, 50));
  expect(readTelemetry(file)).toEqual({ lines: lines.slice(0, 2), unread: 3 });
});

test('no file and an empty one are told apart', () => {
  expect(readTelemetry(join(dir, 'none'))).toBeNull();
  expect(readTelemetry(written(''))).toEqual({ lines: [], unread: 0 });
});
