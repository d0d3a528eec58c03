import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFakePath } from '../fake-programs';
import { aptTool } from './apt-tool';

const path = withFakePath();
const log = (): string[] => readFileSync(join(path.dir, 'apt.log'), 'utf8').trim().split('\n');
const asUser = (uid: number) => jest.spyOn(process, 'getuid').mockReturnValue(uid);

beforeEach(() => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  asUser(0);
});
afterEach(() => jest.restoreAllMocks());

const frob = { name: 'frob', package: 'frob-utils', with: ['frob-data'] };
/** An apt-get that notes what it is asked, installs on the given call, and fails before. */
const aptThatInstallsOnCall = (nth: number) =>
  path.add(
    'apt-get',
    `echo "$DEBIAN_FRONTEND $RUNLEVEL $*" >> ${path.dir}/apt.log
     if [ "$(/usr/bin/wc -l < ${path.dir}/apt.log)" -ge ${nth} ]; then
       printf '#!/bin/sh\\necho frob 2.3.4\\n' > ${path.dir}/frob; /bin/chmod +x ${path.dir}/frob; exit 0
     fi
     echo "E: Unable to locate package" >&2; exit 100`,
  );

describe('what cannot be had says why, and how to get it', () => {
  test('where there is no apt-get', () => {
    expect(() => aptTool(frob)).toThrow(
      'frob: not on PATH, and no apt-get to install it with; install it with: apt-get install frob-utils frob-data',
    );
  });

  test('where the tests do not run as root', () => {
    asUser(1000);
    aptThatInstallsOnCall(1);
    expect(() => aptTool(frob)).toThrow('frob: not on PATH, and only root may install it; ');
  });

  test('where no list of packages knows it', () => {
    aptThatInstallsOnCall(9);
    expect(() => aptTool(frob)).toThrow('frob: apt-get install failed: E: Unable to locate package; ');
    expect(log()).toHaveLength(3);
  });

  test('where the package does not hold it', () => {
    path.add('apt-get', 'exit 0');
    expect(() => aptTool(frob)).toThrow('frob: not on PATH, nor in the package frob-utils; ');
  });

  test('where what is there is too old', () => {
    path.add('frob', 'echo frob 1.9');
    expect(() => aptTool({ ...frob, minimum: '1.10' })).toThrow(/is 1\.9, older than 1\.10; /);
  });
});

test('what is on PATH is taken as it is, even if it does not tell its version', () => {
  const file = path.add('frob', 'exit 1');
  expect(aptTool(frob)).toEqual({ path: file, version: 'unknown', how: 'PATH' });
});

test('what the package keeps off PATH is found where it puts it', () => {
  const dir = join(path.dir, 'lib');
  path.add(
    'apt-get',
    `/bin/mkdir ${dir} && printf '#!/bin/sh\\necho 15.3\\n' > ${dir}/frob && /bin/chmod +x ${dir}/frob`,
  );
  expect(aptTool({ ...frob, dir })).toEqual({ path: join(dir, 'frob'), version: '15.3', how: 'PATH' });
});

test('it is installed with what it needs, without questions, recommended packages and services', () => {
  aptThatInstallsOnCall(1);
  expect(aptTool(frob)).toEqual({ path: join(path.dir, 'frob'), version: '2.3.4', how: 'PATH' });
  expect(log()).toEqual([
    'noninteractive 1 -o DPkg::Lock::Timeout=600 install --yes --quiet --no-install-recommends frob-utils frob-data',
  ]);
});

test('a machine without lists of packages is given them, and tries again', () => {
  aptThatInstallsOnCall(3);
  expect(aptTool(frob)).toMatchObject({ version: '2.3.4' });
  expect(log()[1]).toContain('update');
});
