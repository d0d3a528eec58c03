import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildOnce } from './cache';

const PROJECT = join(__dirname, '../..');
/** Above the largest process id that Linux can be told to give. */
const NO_SUCH_PID = '4194305';

let cache: string;
const before = process.env['HE300_CACHE'];

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'he300-cache-'));
  process.env['HE300_CACHE'] = cache;
});

afterEach(() => {
  rmSync(cache, { recursive: true });
  if (before === undefined) delete process.env['HE300_CACHE'];
  else process.env['HE300_CACHE'] = before;
});

const fill = jest.fn((dir: string) => writeFileSync(join(dir, 'program'), ''));

beforeEach(() => fill.mockClear());

test('a build that failed is neither used nor in the way of the next one', () => {
  const failing = (dir: string) => {
    fill(dir);
    throw new Error('disk full');
  };
  expect(() => buildOnce('tool-1', 'program', failing)).toThrow('disk full');
  expect(buildOnce('tool-1', 'program', fill)).toBe(join(cache, 'tool-1'));
  expect(fill).toHaveBeenCalledTimes(2);
  expect(readdirSync(cache)).toEqual(['tool-1']);
});

test('a build that was interrupted is started over from an empty directory', () => {
  mkdirSync(join(cache, 'tool-1'));
  writeFileSync(join(cache, 'tool-1/program'), 'half');
  writeFileSync(join(cache, 'tool-1/rest'), '');
  const dir = buildOnce('tool-1', 'program', fill);
  expect(readFileSync(join(dir, 'program'), 'utf8')).toBe('');
  expect(existsSync(join(dir, 'rest'))).toBe(false);
});

test('a lock whose owner has died is taken over', () => {
  mkdirSync(join(cache, 'tool-1.lock'));
  writeFileSync(join(cache, 'tool-1.lock/pid'), NO_SUCH_PID);
  buildOnce('tool-1', 'program', fill);
  expect(fill).toHaveBeenCalledTimes(1);
  expect(readdirSync(cache)).toEqual(['tool-1']);
});

test('a finished build is used again, unless its program has gone', () => {
  const dir = buildOnce('tool-1', 'program', fill);
  buildOnce('tool-1', 'program', fill);
  expect(fill).toHaveBeenCalledTimes(1);
  rmSync(join(dir, 'program'));
  buildOnce('tool-1', 'program', fill);
  expect(fill).toHaveBeenCalledTimes(2);
});

test('three processes that want the same tool build it once', async () => {
  const journal = join(cache, 'journal');
  const script = `
    const { appendFileSync, writeFileSync } = require('node:fs');
    require('./ops/lib/cache.ts').buildOnce('tool-1', 'program', (dir) => {
      appendFileSync(${JSON.stringify(journal)}, 'built\\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      writeFileSync(dir + '/program', '');
    });`;
  const args = ['--import', 'tsx', '-e', script];
  const children = [1, 2, 3].map(() =>
    spawn(process.execPath, args, { cwd: PROJECT, env: { ...process.env } }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'close'))[0]));
  expect(codes).toEqual([0, 0, 0]);
  expect(readFileSync(journal, 'utf8')).toBe('built\n');
}, 30_000);
