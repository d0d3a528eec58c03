import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFakePath } from '../../test/support/fake-programs';
import { moto } from './moto';

const path = withFakePath();

// What is being installed is told on stderr, which is noise here.
beforeEach(() => void jest.spyOn(process.stderr, 'write').mockReturnValue(true));
afterEach(() => jest.restoreAllMocks());

/** A python3 that knows its version and its moto's, and installs into virtual environments by doing nothing. */
const python = (motoVersion: string) => `
case "$*" in
  --version) echo Python 3.12.4 ;;
  *metadata*) echo ${motoVersion} ;;
  "-m venv "*) /bin/mkdir -p "$3/bin" && /bin/cp "$0" "$3/bin/python3" ;;
  "-m pip install"*) echo "$*" >> ${path.dir}/pip.log ;;
esac`;

describe('without a moto_server of the right release on PATH', () => {
  test('and without Python, both are named with a remedy', () => {
    expect(moto).toThrow('moto: no python3 on PATH to install it with; install Python 3.10 or newer');
  });

  test('a failing pip is quoted by its last line', () => {
    path.add(
      'python3',
      '[ "$2" = venv ] || { echo; echo "ERROR: no network" >&2; exit 1; }; /bin/mkdir -p $3/bin; /bin/cp $0 $3/bin/python3',
    );
    expect(moto).toThrow(
      "moto: `-m pip install` failed: ERROR: no network; install it with: pip install 'moto[server]==5.2.1'",
    );
  });

  test('an older one is passed over, and the pinned one installed', () => {
    path.add('moto_server', 'exit 1');
    path.add('python3', python('5.1.22'));
    expect(moto()).toEqual({
      path: join(path.dir, 'cache/moto-5.2.1-python-3.12.4/bin/moto_server'),
      version: '5.2.1',
      how: 'cache',
    });
  });
});

describe('a moto_server of the right release on PATH is used', () => {
  test('when a version manager put a shell script there: the python3 beside it is asked', () => {
    const server = path.add('moto_server', 'exit 1');
    path.add('python3', python('5.2.3'));
    expect(moto()).toEqual({ path: server, version: '5.2.3', how: 'PATH' });
  });

  test('when pip put it there: the interpreter of its first line is asked, not the python3 on PATH', () => {
    const server = path.add('moto_server', '');
    writeFileSync(server, `#!${path.add('python3.12', python('5.2.1'))}\n`);
    path.add('python3', python('4.0.0'));
    expect(moto().version).toBe('5.2.1');
  });
});
