import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readValue } from './value';

let directory: string;
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'he300-value-'))));
afterAll(() => rmSync(directory, { recursive: true }));

const file = (text: string): string => {
  const path = join(directory, 'value');
  writeFileSync(path, text);
  return path;
};

test.each([
  ['nothing', ''],
  ['an empty line', '\n'],
  ['two lines', 'canary\ncanary\n'],
  ['a space, as a whole sentence has', 'canary canary'],
  ['what is no ASCII', 'cänary'],
  ['too much', 'canary'.repeat(2_000)],
])('%s is refused, and not shown', (_, text) => {
  expect(() => readValue(file(text))).toThrow(
    /^--value-file: \S+ holds \d+ characters; allowed: one line of 1 to 8192 printable ASCII characters/,
  );
  expect(() => readValue(file(text))).not.toThrow(/canary/);
});

test('a file that cannot be read is named, with the reason', () => {
  expect(() => readValue(directory)).toThrow(`--value-file: cannot read ${directory}: EISDIR`);
  expect(() => readValue(join(directory, 'none'))).toThrow('ENOENT');
});

test.each(['tskey-auth-1', 'tskey-auth-1\n', 'tskey-auth-1\r\n'])('%j is one value', (text) => {
  expect(readValue(file(text))).toBe('tskey-auth-1');
});
