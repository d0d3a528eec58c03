import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../cli';
import { KeysFile } from './keys-file';

const KEYS = { unseal_keys_b64: ['a', 'b'], recovery_keys_b64: [], root_token: 'r' };

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'he300-keys-'));
  path = join(dir, 'keys.json');
});
afterEach(() => rmSync(dir, { recursive: true }));

test.each([
  ['something else', '{"keys":["a"]}', 'holds something else; allowed: what `vault operator init'],
  [
    'half of it',
    JSON.stringify(KEYS).slice(0, 20),
    'holds something else; allowed: what `vault operator init',
  ],
])('a file that holds %s is refused, and left as it is', (_title, text, message) => {
  writeFileSync(path, text);
  expect(() => KeysFile.open(path)).toThrow(message);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('a path that is no file is refused in words', () => {
  expect(() => KeysFile.open(dir)).toThrow(CliError);
  expect(() => KeysFile.open(dir)).toThrow(/^--keys-file: EISDIR/);
  expect(() => KeysFile.open(join(dir, 'nowhere/keys.json')).reserve()).toThrow(/^--keys-file: ENOENT/);
});

test('to look makes no file, and a place that was kept is for its owner alone', () => {
  const file = KeysFile.open(path);
  expect(file.keys).toBeUndefined();
  expect(existsSync(path)).toBe(false);
  file.reserve();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(KeysFile.open(path).keys).toBeUndefined();
});

test('what was written is read again, by its owner alone', () => {
  writeFileSync(path, '', { mode: 0o644 });
  KeysFile.open(path).write(KEYS);
  expect(KeysFile.open(path).keys).toEqual(KEYS);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a write that fails leaves what was there', () => {
  const file = KeysFile.open(path);
  file.write(KEYS);
  mkdirSync(`${path}.next`);
  expect(() => file.write({ ...KEYS, root_token: undefined })).toThrow(/^--keys-file: /);
  expect(KeysFile.open(path).keys).toEqual(KEYS);
});

test('keys that Vault’s own program wrote are taken', () => {
  const more = {
    ...KEYS,
    unseal_keys_hex: ['61'],
    unseal_shares: 2,
    unseal_threshold: 2,
    recovery_keys_hex: [],
  };
  writeFileSync(path, JSON.stringify(more));
  expect(KeysFile.open(path).keys).toEqual(KEYS);
});
