import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withCheckout } from '../test/support/checkout';

const checkout = withCheckout();

beforeEach(() => {
  checkout.copy('ops/setup.mjs');
  checkout.write('package-lock.json', '{ "version": 1 }');
  // Installing means here: a node_modules that holds nothing but tsx, and a line in a journal.
  const tsx = join(__dirname, '../node_modules/tsx');
  const install = `rm -rf node_modules; mkdir node_modules; ln -s '${tsx}' node_modules/tsx`;
  checkout.program('bin/npm', `echo "npm $*" >> journal; ${install}`);
  checkout.write('ops/doctor.ts', 'console.log("doctor")');
});

const setup = () => checkout.node(['ops/setup.mjs']);
const journal = () => readFileSync(checkout.path('journal'), 'utf8');

test.each(['18.20.4', '20.18.3'])(
  'Node %s is refused in one line, before anything is installed',
  (version) => {
    checkout.write('old.mjs', `Object.defineProperty(process.versions, 'node', { value: '${version}' });`);
    expect(checkout.node(['--import', './old.mjs', 'ops/setup.mjs'])).toEqual({
      status: 1,
      stdout: '',
      stderr: `setup: Node ${version} is too old; install Node 20.19 or newer\n`,
    });
    expect(journal).toThrow('ENOENT');
  },
);

test('a failed installation fails the setup, and is tried again', () => {
  checkout.program('bin/npm', 'mkdir -p node_modules; exit 1');
  expect(setup()).toMatchObject({ status: 1, stderr: 'setup: npm ci failed\n' });
  expect(setup().stdout).toBe('setup: npm ci (nothing installed yet)\n');
});

test('packages are installed once, and again after the lock file has changed or they were deleted', () => {
  expect(setup()).toEqual({
    status: 0,
    stdout: 'setup: npm ci (nothing installed yet)\ndoctor\n',
    stderr: '',
  });
  expect(setup()).toEqual({ status: 0, stdout: 'doctor\n', stderr: '' });
  checkout.write('package-lock.json', '{ "version": 2 }');
  expect(setup().stdout).toBe('setup: npm ci (package-lock.json has changed)\ndoctor\n');
  rmSync(checkout.path('node_modules'), { recursive: true });
  expect(setup().stdout).toContain('nothing installed yet');
  expect(journal()).toBe('npm ci\n'.repeat(3));
});
