import { gunzipSync } from 'fflate';
import { parseTar } from 'nanotar';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDashboardArchive } from './dashboard-archive';

jest.setTimeout(120_000);

let dir: string;
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'he300-archive-'))));
afterAll(() => rmSync(dir, { recursive: true }));
const build = (name: string) => buildDashboardArchive(join(dir, name));

test('the same sources give the same bytes, and files that carry no trace of the machine', () => {
  const [one, two] = [build('one.tar.gz'), build('two.tar.gz')];
  expect(one.sha256).toBe(two.sha256);
  const files = parseTar(gunzipSync(readFileSync(one.path)));
  const names = files.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['dashboard.mjs', 'vm.mjs', 'web/index.html', 'docs/swagger-ui.css']),
  );
  expect(names).toEqual([...names].sort());
  expect(new Set(files.map(({ attrs }) => `${attrs?.user} ${attrs?.mtime}`))).toEqual(new Set(['root 0']));
});

test('nothing is built again while it is up to date, and a file that somebody has changed is', () => {
  const { path, sha256 } = build('one.tar.gz');
  const { ino } = statSync(path, { bigint: true });
  expect(build('one.tar.gz')).toEqual({ path, sha256 });
  expect(statSync(path, { bigint: true }).ino).toBe(ino);
  writeFileSync(path, 'something else');
  expect(build('one.tar.gz').sha256).toBe(sha256);
  expect(readFileSync(path).length).toBeGreaterThan(100_000);
});
