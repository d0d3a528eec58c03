import { readFileSync, rmSync } from 'node:fs';
import { withCheckout } from '../test/support/checkout';

const checkout = withCheckout();

interface Result {
  readonly status: string;
  readonly fullName: string;
}

/** What jest will report for a project: each file's tests, and its exit code. */
function jestReports(project: string, files: readonly (readonly Result[] | 'broken')[], exit = 0): void {
  const testResults = files.map((tests) => ({
    status: tests === 'broken' || tests.some((test) => test.status === 'failed') ? 'failed' : 'passed',
    assertionResults: tests === 'broken' ? [] : tests,
  }));
  checkout.write(`reports/${project}.json`, JSON.stringify({ testResults }));
  checkout.write(`reports/${project}.exit`, String(exit));
}

const result = (status: string, fullName = status): Result => ({ status, fullName });

beforeEach(() => {
  checkout.copy('ops/test.mjs');
  checkout.write('ops/setup.mjs', 'console.log("setup");');
  for (const name of ['tsc', 'eslint', 'prettier'])
    checkout.program(`node_modules/.bin/${name}`, `echo ${name} >> journal`);
  // Called as `jest --selectProjects NAME … --outputFile FILE …`; without a report it ends as if it had crashed.
  checkout.program(
    'node_modules/.bin/jest',
    'echo "jest $2 rounds=$HE300_FAULT_ROUNDS $*" >> journal; cp reports/$2.json $6 || exit 3; exit $(cat reports/$2.exit)',
  );
  for (const project of ['unit', 'integration', 'e2e', 'soak']) jestReports(project, []);
});

const run = (...args: string[]) => checkout.node(['ops/test.mjs', ...args]);
const lastLine = ({ stdout }: { stdout: string }) => stdout.trimEnd().split('\n').at(-1);
const journal = () => readFileSync(checkout.path('journal'), 'utf8').trim().split('\n');

describe('what must never look like a success', () => {
  test('a failing check, here of the types of the sources and of the page: everything else still runs', () => {
    checkout.program('node_modules/.bin/tsc', 'exit 2');
    jestReports('unit', [[result('passed')]]);
    const outcome = run();
    expect(lastLine(outcome)).toBe('3 passed, 2 failed, 0 skipped');
    expect(outcome.status).toBe(1);
    expect(journal().map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'eslint',
      'prettier',
      'jest unit',
      'jest integration',
      'jest e2e',
    ]);
  });

  test('a test file that cannot be loaded', () => {
    jestReports('integration', [[result('passed')], 'broken'], 1);
    expect(lastLine(run())).toBe('5 passed, 1 failed, 0 skipped');
  });

  test('a jest that crashes without a report, also when an older report lies there', () => {
    jestReports('unit', [[result('passed')]]);
    run();
    checkout.program('node_modules/.bin/jest', 'exit 137');
    expect(lastLine(run('--fast'))).toBe('4 passed, 1 failed, 0 skipped');
  });

  test('a jest that fails after all its tests passed', () => {
    jestReports('unit', [[result('passed')]], 1);
    expect(lastLine(run('--fast'))).toBe('5 passed, 1 failed, 0 skipped');
  });

  test('a program that is not there', () => {
    rmSync(checkout.path('node_modules/.bin/eslint'));
    expect(lastLine(run('--fast'))).toBe('3 passed, 1 failed, 0 skipped');
  });

  test('a setup that fails: nothing else can run', () => {
    checkout.write('ops/setup.mjs', 'process.exit(1);');
    const outcome = run();
    expect(lastLine(outcome)).toBe('0 passed, 1 failed, 0 skipped');
    expect(outcome.status).toBe(1);
    expect(journal).toThrow('ENOENT');
  });
});

test('skipped tests are named with their reasons, and do not fail the run', () => {
  jestReports('unit', [
    [result('passed'), result('pending', 'vault [skipped: no go]'), result('todo', 'later')],
  ]);
  jestReports('e2e', [[result('passed')]]);
  const outcome = run();
  expect(outcome.stdout).toContain('\nskipped:\n  vault [skipped: no go]\n  later\n');
  expect(lastLine(outcome)).toBe('6 passed, 0 failed, 2 skipped');
  expect(outcome.status).toBe(0);
});

test('projects without a test count nothing', () => {
  expect(lastLine(run())).toBe('4 passed, 0 failed, 0 skipped');
});

test('--fast leaves out what needs Terraform or a host', () => {
  run('--fast');
  expect(
    journal()
      .filter((line) => line.startsWith('jest'))
      .map((line) => line.split(' ')[1]),
  ).toEqual(['unit']);
});

test('--soak runs the fault tests alone, with the rounds it is given', () => {
  checkout.node(['ops/test.mjs', '--soak'], { HE300_FAULT_ROUNDS: '10' });
  expect(journal()).toEqual([
    expect.stringMatching(/^jest integration rounds=10 .*--testPathPatterns test\/integration\/fault$/),
    expect.stringMatching(/^jest e2e rounds=10 .*--testPathPatterns test\/e2e\/fault$/),
    expect.stringMatching(/^jest soak rounds=10 /),
  ]);
});

test('--vm runs what boots a host alone', () => {
  run('--vm');
  expect(journal()).toEqual([expect.stringMatching(/^jest e2e .*--testPathPatterns test\/e2e\/\.\*vm$/)]);
});

test('without a word about rounds, fault tests do two', () => {
  run();
  expect(journal().at(-1)).toContain('rounds=2');
});

test('an unknown option is refused', () => {
  expect(run('--quick')).toMatchObject({ status: 2, stdout: '' });
});
