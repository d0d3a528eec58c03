/**
 * The initial RAM disk: busybox, the drivers without which nothing can be mounted or seen, and one script. Debian's
 * own searches for hardware, which takes seconds of an emulated processor.
 */
import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { output, run } from './command';

const DRIVERS = ['virtio_pci', 'virtio_blk', 'virtio_console'];

/** @param root a Debian tree with busybox-static and one kernel */
export function writeRamDisk(root: string, init: string, file: string): void {
  const work = join(root, 'ram-disk');
  for (const dir of ['bin', 'dev', 'modules', 'proc', 'root'])
    mkdirSync(join(work, dir), { recursive: true });
  copyFileSync(join(root, 'bin/busybox'), join(work, 'bin/busybox'));
  cpSync(init, join(work, 'init'));
  const modules = driversOf(root);
  for (const path of modules) copyFileSync(join(root, path), join(work, 'modules', basename(path)));
  writeFileSync(join(work, 'modules/order'), modules.map((path) => `/modules/${basename(path)}\n`).join(''));
  const names = readdirSync(work, { recursive: true, encoding: 'utf8' }).sort();
  const archive = run(
    'chroot',
    [root, 'sh', '-c', 'cd /ram-disk && busybox cpio -o -H newc'],
    ['.', ...names, ''].join('\n'),
  );
  writeFileSync(file, archive);
  rmSync(work, { recursive: true });
}

/** Files of the drivers and of what they need, in the order in which the kernel takes them. */
function driversOf(root: string): readonly string[] {
  const version = readdirSync(join(root, 'lib/modules'))[0]!;
  const commands = DRIVERS.flatMap((driver) =>
    output('chroot', [root, 'modprobe', '--show-depends', '-S', version, driver]).trim().split('\n'),
  );
  return [...new Set(commands.map((command) => command.trim().replace(/^insmod /, '')))];
}
