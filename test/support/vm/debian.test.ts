import { join } from 'node:path';
import { withFakePath } from '../fake-programs';
import { sourcesList } from './debian';

const path = withFakePath();
const aptThatTells = (...lines: readonly string[]) =>
  path.add('apt-get', lines.map((line) => `echo '${line}'`).join('\n'));

describe('a machine that no image can be made on is told from others', () => {
  test('where there is no apt', () => {
    expect(sourcesList).toThrow('debian packages: the machine has no source of them');
  });

  test('where apt has packages of somebody else only', () => {
    aptThatTells('');
    expect(sourcesList).toThrow('debian packages: the machine has no source of them');
  });
});

test('a machine that has never asked who its sources are does so', () => {
  const asked = join(path.dir, 'asked');
  path.add(
    'apt-get',
    `case $1 in
       update) echo > ${asked} ;;
       *) [ ! -e ${asked} ] || echo 'http://mirror.test/debian/ bookworm main' ;;
     esac`,
  );
  expect(sourcesList()).toBe('deb http://mirror.test/debian/ bookworm main\n');
});

test('an image has its release, whatever the machine’s own is, from the machine’s mirror', () => {
  aptThatTells(
    'http://mirror.test/debian/ trixie main',
    'http://mirror.test/debian/ trixie contrib',
    'http://mirror.test/debian/ trixie-updates main',
    'http://mirror.test/debian/ trixie-backports main',
    'http://mirror.test/security/ trixie-security main',
  );
  expect(sourcesList()).toBe(
    [
      'deb http://mirror.test/debian/ bookworm main',
      'deb http://mirror.test/debian/ bookworm-updates main',
      'deb http://mirror.test/security/ bookworm-security main',
      '',
    ].join('\n'),
  );
});
