import { version } from '../../package.json';
import { run } from './run';

function call(...argv: string[]) {
  const text = { stdout: '', stderr: '' };
  const code = run(argv, { stdout: (t) => void (text.stdout += t), stderr: (t) => void (text.stderr += t) });
  return { code, ...text };
}

test.each([
  [['frob'], "he300: unknown command 'frob'; see --help\n"],
  [['--frob'], "he300: unknown option '--frob'; see --help\n"],
  [[], 'he300: no command given; see --help\n'],
])('a wrong call %j is one line and exit code 2', (argv, stderr) => {
  expect(call(...argv)).toEqual({ code: 2, stdout: '', stderr });
});

test('--version prints the package version alone, for scripts to read', () => {
  expect(call('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help goes to stdout', () => {
  expect(call('--help').stdout).toMatch(/^he300: .*\n\nusage: he300/);
});
