/** The part of the VM's script that could destroy data, on real file systems in files: wipefs, mkfs and e2fsck are the system's own. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VOLUME } from '../../userdata/dashboard/provision';
import { PREAMBLE } from '../../userdata/provision';
import { describeWithTools } from '../support/skip';

const MIB = 1024 * 1024;
let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'he300-volume-'))));
afterEach(() => rmSync(dir, { recursive: true }));

interface Outcome {
  readonly code: number | null;
  readonly said: readonly string[];
  /** What was mounted where, and made as large as its disk. */
  readonly calls: readonly string[];
}

/** What `PREAMBLE` brings besides words is not needed here, and would look for the processor. */
const WORDS = PREAMBLE.split('\n').filter((line) => /^(set|say|die)\b/.test(line));

/** @param disks by path, with the number of lines that lsblk has for them: more than one is a disk with partitions */
function run(disks: Readonly<Record<string, number>>, isMounted = false): Outcome {
  const noted = ['mount', 'resize2fs'].map((name) => `${name}() { echo "${name} $*"; }`);
  const silent = ['chown', 'chmod', 'mkdir', 'sleep'].map((name) => `${name}() { :; }`);
  const lines = Object.entries(disks).map(
    ([path, count]) => `*"${path}") for i in $(seq ${count}); do echo part; done ;;`,
  );
  const listed = Object.keys(disks).map((path) => `echo "${path} disk";`);
  const lsblk = `lsblk() { case "$*" in ${lines.join(' ')} *) ${listed.join(' ')} echo "/dev/loop0 loop" ;; esac; }`;
  const script = [...WORDS, ...noted, ...silent, lsblk, `mountpoint() { ${isMounted}; }`, VOLUME].join('\n');
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  return {
    code: status,
    said: stderr.split('\n').flatMap((line) => /^provision: (.*)$/.exec(line)?.[1] ?? []),
    calls: (stdout + stderr).split('\n').filter((line) => /^(mount|resize2fs) /.test(line)),
  };
}

function disk(name: string, fill?: (path: string) => void): string {
  const path = join(dir, name);
  writeFileSync(path, '');
  truncateSync(path, 16 * MIB);
  fill?.(path);
  return path;
}
const formatted = (label: string) => (path: string) =>
  void spawnSync('mkfs.ext4', ['-q', '-L', label, path], { stdio: 'ignore' });
const sha256Of = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const labelOf = (path: string): string =>
  spawnSync('wipefs', ['--noheadings', '--output', 'LABEL', path], { encoding: 'utf8' }).stdout.trim();
const uuidOf = (path: string): string =>
  spawnSync('wipefs', ['--noheadings', '--output', 'UUID', path], { encoding: 'utf8' }).stdout.trim();
const mounted = (path: string): string[] => [
  `mount -o nodev,nosuid,noexec ${path} /var/lib/he300-dashboard`,
  `resize2fs ${path}`,
];

describeWithTools(['debugfs'], 'the volume of the database', () => {
  test('is formatted when it is empty, and mounted as it is ever after', () => {
    const path = disk('nvme1n1');
    const system = disk('nvme0n1');
    expect(run({ [system]: 3, [path]: 1 })).toMatchObject({
      code: 0,
      said: [`${path} is empty: formatting it`],
      calls: mounted(path),
    });
    expect(labelOf(path)).toBe('he300-data');
    const uuid = uuidOf(path);
    expect(run({ [system]: 3, [path]: 1 })).toMatchObject({ code: 0, said: [], calls: mounted(path) });
    expect(uuidOf(path)).toBe(uuid);
  });

  test('is not formatted while it is mounted', () => {
    const path = disk('nvme1n1');
    expect(run({ [path]: 1 }, true)).toEqual({ code: 0, said: [], calls: [] });
    expect(labelOf(path)).toBe('');
  });

  test.each([
    ['another file system', formatted('somebody')],
    ['a swap', (path: string) => void spawnSync('mkswap', [path])],
  ])('%s is not touched, and a VM without another disk waits in vain', (_what, fill) => {
    const path = disk('nvme1n1', fill);
    const before = sha256Of(path);
    expect(run({ [path]: 1 })).toEqual({
      code: 1,
      said: ['no volume for the data is attached'],
      calls: [],
    });
    expect(sha256Of(path)).toBe(before);
  });

  test('beside another empty disk, ours is known by its label', () => {
    const [empty, ours] = [disk('nvme1n1'), disk('nvme2n1', formatted('he300-data'))];
    expect(run({ [empty]: 1, [ours]: 1 })).toMatchObject({ code: 0, calls: mounted(ours) });
    expect(labelOf(empty)).toBe('');
  });

  test('of two empty disks none is taken', () => {
    const [one, two] = [disk('nvme1n1'), disk('nvme2n1')];
    const { code, said } = run({ [one]: 1, [two]: 1 });
    expect({ code, said }).toEqual({
      code: 1,
      said: [`${one} ${two} are empty; allowed: one volume for the data`],
    });
    expect([labelOf(one), labelOf(two)]).toEqual(['', '']);
  });

  test('an empty disk with partitions is the system’s', () => {
    const path = disk('nvme0n1');
    expect(run({ [path]: 2 })).toMatchObject({ code: 1, said: ['no volume for the data is attached'] });
    expect(labelOf(path)).toBe('');
  });

  test('one that cannot be read ends it, before anything is formatted', () => {
    const empty = disk('nvme2n1');
    const gone = join(dir, 'nvme1n1');
    expect(run({ [gone]: 1, [empty]: 1 })).toMatchObject({ code: 1, said: [`${gone} cannot be read`] });
    expect(labelOf(empty)).toBe('');
  });

  test('a damaged file system is not mounted', () => {
    const path = disk('nvme1n1', (at) => {
      formatted('he300-data')(at);
      // The table of inodes of the first group, which only a person may give up.
      const bytes = readFileSync(at);
      bytes.fill(0xff, 64 * 1024, 512 * 1024);
      writeFileSync(at, bytes);
    });
    const { code, said, calls } = run({ [path]: 1 });
    expect({ code, said, calls }).toEqual({
      code: 1,
      said: [`${path}: its file system is damaged; restore a backup`],
      calls: [],
    });
  });
});
