import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithTools } from '../skip';
import { run } from './command';
import { VmDisk } from './disk';

describeWithTools(['debugfs'], 'a disk from outside', () => {
  let dir: string;
  let disk: VmDisk;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'he300-disk-test-'));
    mkdirSync(join(dir, 'root/etc'), { recursive: true });
    writeFileSync(join(dir, 'root/etc/name'), 'he300\n');
    run('mke2fs', ['-q', '-t', 'ext4', '-d', join(dir, 'root'), join(dir, 'disk'), '32M']);
    disk = VmDisk.copyOf(join(dir, 'disk'), join(dir, 'copy'));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  test('a file that is not there is an error', () => {
    expect(() => disk.read('/etc/none')).toThrow('debugfs: /etc/none: File not found by ext2_lookup');
  });

  test('a file is not written where there is no directory', () => {
    expect(() => disk.write({ '/none/file': 'x' })).toThrow(/debugfs: .*File not found/);
  });

  test('files are read, and written as they are', () => {
    const bytes = Buffer.from([0, 1, 254, 255]);
    disk.write({ '/etc/a': bytes, '/etc/b': 'two\nlines\n' });
    expect(disk.read('/etc/name').toString()).toBe('he300\n');
    expect(disk.read('/etc/a')).toEqual(bytes);
    expect(disk.read('/etc/b').toString()).toBe('two\nlines\n');
  });

  test('what stands anywhere on the disk is found, and nothing else', () => {
    disk.write({ '/etc/secret': 'x'.repeat(5000) + 'canary-4711' });
    expect(disk.found(['canary-4712', 'canary-4711', 'x'.repeat(6000)])).toEqual(['canary-4711']);
    expect(new VmDisk(join(dir, 'disk')).found(['canary-4711'])).toEqual([]);
  });
});
