import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { buildReaperZip } from './package';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'he300-reaper-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('the zip holds one file that needs nothing but the runtime and its SDK', () => {
  const { path, sha256Base64 } = buildReaperZip(join(folder, 'reaper.zip'));
  const bytes = readFileSync(path);
  expect(createHash('sha256').update(bytes).digest('base64')).toBe(sha256Base64);

  const files = unzipSync(bytes);
  expect(Object.keys(files)).toEqual(['index.js']);
  const code = Buffer.from(files['index.js']!).toString();
  const required = new Set([...code.matchAll(/require\("([^"]+)"\)/g)].map((match) => match[1]));
  expect([...required].sort()).toEqual(['@aws-sdk/client-ec2', '@aws-sdk/client-s3', '@aws-sdk/client-ssm']);
});

test('the same sources give the same bytes in every time zone', () => {
  // A running process keeps the zone it has once used, so each zone gets a process of its own.
  const built = ['Pacific/Kiritimati', 'America/Adak'].map((zone) => {
    const script = `require(${JSON.stringify(join(__dirname, 'package.ts'))}).buildReaperZip(process.argv[1])`;
    const path = join(folder, zone.replace('/', '-'));
    execFileSync(process.execPath, ['--import', 'tsx', '-e', script, path], {
      env: { ...process.env, TZ: zone },
    });
    return readFileSync(path);
  });
  expect(built[0]!.equals(built[1]!)).toBe(true);
});

test('a zip that is up to date is not written again', () => {
  const path = join(folder, 'reaper.zip');
  buildReaperZip(path);
  const { ino } = statSync(path);
  buildReaperZip(path);
  expect(statSync(path).ino).toBe(ino);
});

test('a zip of older sources is replaced', () => {
  const path = join(folder, 'reaper.zip');
  writeFileSync(path, 'older');
  const { sha256Base64 } = buildReaperZip(path);
  expect(createHash('sha256').update(readFileSync(path)).digest('base64')).toBe(sha256Base64);
});
