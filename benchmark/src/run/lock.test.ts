import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeStale, takeLock } from './lock';

/** Above the largest id that Linux gives. */
const NOBODY = '4194999';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'he300-lock-'));
  file = join(dir, 'lock');
});
afterEach(() => rmSync(dir, { recursive: true }));

test('is not taken from a process that is alive', () => {
  writeFileSync(file, '1');
  expect(takeLock(file)).toBe(1);
  expect(readFileSync(file, 'utf8')).toBe('1');
});

test.each([NOBODY, '', 'nonsense', '-1', String(process.pid)])('that says %j is taken over', (holder) => {
  writeFileSync(file, holder);
  expect(takeLock(file)).toBeUndefined();
  expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
  expect(readdirSync(dir)).toEqual(['lock']);
});

test('of a dead process that another has taken over meanwhile stays that one’s', () => {
  writeFileSync(file, '1');
  expect(removeStale(file, NOBODY)).toBe(false);
  expect(readFileSync(file, 'utf8')).toBe('1');
  expect(readdirSync(dir)).toEqual(['lock']);
});

test('that is gone meanwhile is free', () => {
  expect(removeStale(file, NOBODY)).toBe(true);
  expect(existsSync(file)).toBe(false);
});

test('in a place that cannot be written is the file system’s error', () => {
  expect(() => takeLock(join(dir, 'nowhere/lock'))).toThrow(/ENOENT/);
});
