import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithSharedData } from '../../../test/support/skip';
import { version } from '../../package.json';
import { called } from './called';

const call = (...argv: string[]) => called(argv);

test.each([
  [['frob'], "he300: unknown command 'frob'; see --help\n"],
  [['--frob'], "he300: unknown option '--frob'; see --help\n"],
  [[], 'he300: no command given; see --help\n'],
  [['dataset', 'import'], "he300: missing required argument 'source'; see --help\n"],
  [
    ['sample', '--spec', '2.0'],
    "he300: option '--spec <spec>' argument '2.0' is invalid. Allowed choices are 1.0, 1.1, 1.2, starter.; see --help\n",
  ],
  [
    ['sample', '--seed', '-1'],
    "he300: option '--seed <n>' argument '-1' is invalid. allowed: an integer from 0 to 4294967295; see --help\n",
  ],
])('a wrong call %j is one line and exit code 2', async (argv, stderr) => {
  expect(await call(...argv)).toEqual({ code: 2, stdout: '', stderr });
});

test('a command that needs another one lists them', async () => {
  const { code, stdout, stderr } = await call('dataset');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: he300 dataset .*he300: no command given; see --help\n$/s);
});

test('--version prints the package version alone, for scripts to read', async () => {
  expect(await call('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help goes to stdout, also for a command', async () => {
  expect((await call('--help')).stdout).toMatch(/^Usage: he300 /);
  expect((await call('sample', '--help')).stdout).toContain('seed of the sample');
});

test('a sample without its dataset is one line and exit code 1', async () => {
  expect(await call('sample', '--dataset', '/nowhere')).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'he300: dataset: no cm_test.csv in /nowhere; allowed: a directory with cm_test.csv or commonsense/cm_test.csv\n',
  });
});

test('the starter pack needs no dataset', async () => {
  const { code, stdout } = await call('sample', '--spec', 'starter', '--seed', '7');
  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(60);
});

describeWithSharedData('with ETHICS', (data) => {
  let dir: string;
  beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'he300-cli-'))));
  afterAll(() => rmSync(dir, { recursive: true }));

  test('an import is kept, and sampled from: the ids are the reference implementation’s', async () => {
    const { code, stdout } = await call('dataset', 'import', `${data}/ethics`, '--to', join(dir, 'ethics'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ 3885 {2}commonsense\n/);
    const { stdout: ids } = await call(
      'sample',
      '--spec',
      '1.0',
      '--seed',
      '42',
      '--dataset',
      join(dir, 'ethics'),
    );
    expect(createHash('sha256').update(ids.trimEnd()).digest('hex')).toBe(
      '8800c09b4ef8d063c0b6ff02fbe02e948d13ff3b210b06eb19e16ad1de621311',
    );
  });
});
