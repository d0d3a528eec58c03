import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { version } from '../../benchmark/package.json';
import { buildRunnerBundle } from './bundle';

const PROJECT = join(__dirname, '../..');

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'he300-bundle-'))));
afterEach(() => rmSync(dir, { recursive: true }));

test('the same sources give the same bytes wherever they are built', () => {
  const [one, two] = [
    buildRunnerBundle(join(dir, 'one.mjs')),
    buildRunnerBundle(join(dir, 'deeper/two.mjs')),
  ];
  expect(one.sha256).toBe(two.sha256);
  expect(readFileSync(one.path, 'utf8')).not.toContain(PROJECT);
  expect(createHash('sha256').update(readFileSync(one.path)).digest('hex')).toBe(one.sha256);
});

test('it is small enough to be fetched at every boot', () => {
  const { path } = buildRunnerBundle(join(dir, 'he300.mjs'));
  expect(gzipSync(readFileSync(path)).length).toBeLessThanOrEqual(1_000_000);
});

test('it begins without what only some commands need', () => {
  const { path } = buildRunnerBundle(join(dir, 'he300.mjs'));
  // Imported by name, it brings Node's whole fetch with it: a third of the time to the first line of any command.
  expect(readFileSync(path, 'utf8')).not.toMatch(/^import .* from "node:https?";$/m);
});

test('a file that is up to date is left alone, and one that is not is replaced', () => {
  const { path } = buildRunnerBundle(join(dir, 'he300.mjs'));
  utimesSync(path, 1, 1);
  buildRunnerBundle(path);
  expect(statSync(path).mtimeMs).toBe(1_000);
  writeFileSync(path, 'something else');
  buildRunnerBundle(path);
  expect(readFileSync(path, 'utf8')).not.toBe('something else');
});

test('the bundle runs alone, far from the sources', () => {
  const { path } = buildRunnerBundle(join(dir, 'he300.mjs'));
  expect(execFileSync(process.execPath, [path, '--version'], { cwd: dir, encoding: 'utf8' })).toBe(
    `${version}\n`,
  );
  expect(spawnSync(process.execPath, [path, 'frob'], { cwd: dir }).status).toBe(2);
});
