/** Boots a real host: Debian on an emulated PC, with the user data that its cloud would give it. Needs no KVM. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VmConsole } from './console';
import { VmDisk } from './disk';
import type { VmImage } from './image';
import { Power } from './power';
import { SEED } from './seed';

/** The machine's loopback, as a booted host sees it. */
export const MACHINE = '10.0.2.2';

/** A loopback URL, as a booted host has to ask for it. */
export function fromVm(url: string | URL): string {
  return String(url).replace(/\b(127\.0\.0\.1|localhost)\b/, MACHINE);
}

export interface VmOptions {
  /** Bytes as the cloud stores them: text, or gzipped. */
  readonly userData: Uint8Array | string;
  readonly instanceId: string;
  /** Lines of `/etc/he300/environment`. @default - no such file */
  readonly environment?: Readonly<Record<string, string>>;
  /** More files on the disk, by absolute path, in directories that are there. @default - none */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

export interface Vm {
  readonly instanceId: string;
  readonly console: VmConsole;
  /** What stood on its screen so far: the kernel's words, and those of units that write there. */
  serial(): string;
  /** By the machine's clock, which is the host's. */
  poweredOnAt(): Date;
  /** Resolves when the host has powered itself off; rejects when it was cut off, crashed, or never lived. */
  readonly off: Promise<void>;
  /** To be looked at while the host is off. */
  readonly disk: VmDisk;
  /** Cuts the power. Nothing that the host had not written is on its disk afterwards. */
  kill(): Promise<void>;
  /** Ends it, and deletes its disk. */
  remove(): Promise<void>;
}

/** The processor is emulated in full, because the kernel's and Node's cryptography trust what it says it can. */
const MACHINE_ARGS = [
  ...['-machine', 'pc', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '1024'],
  ...['-nodefaults', '-display', 'none', '-no-reboot'],
  // No boot ROM: it is in a package of its own, and nothing boots from the network.
  ...['-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net,romfile='],
];

/** Notices too: what the kernel came to is what is left of a boot that hangs. */
const KERNEL_ARGS =
  'console=ttyS0 quiet loglevel=6 printk.time=1 mitigations=off apparmor=0 selinux=0 random.trust_cpu=1 panic=-1';

export function bootVm(qemu: string, image: VmImage, options: VmOptions): Vm {
  const { instanceId } = options;
  const dir = mkdtempSync(join(tmpdir(), 'he300-vm-'));
  const disk = new VmDisk(join(dir, 'disk.ext4'));
  const screen = join(dir, 'screen.log');
  const serial = (): string => (existsSync(screen) ? readFileSync(screen, 'utf8') : '');
  // Without a flush to the machine's own disk: it is the host that loses its power here, not the machine.
  const drive = `file=${disk.path},format=raw,if=virtio,cache=unsafe`;
  const start = (): ChildProcess => {
    VmDisk.copyOf(image.disk, disk.path).write(filesOf(options));
    return spawn(
      // Ends with the process that started it, however that ends.
      'setpriv',
      [
        ...['--pdeathsig', 'KILL', qemu, ...MACHINE_ARGS, '-drive', drive],
        ...['-kernel', image.kernel, '-initrd', image.ramDisk, '-append', KERNEL_ARGS],
        ...['-serial', `file:${screen}`, '-chardev', 'stdio,id=journal,signal=off'],
        ...['-device', 'virtio-serial-pci', '-device', 'virtconsole,chardev=journal'],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
  };
  const console = new VmConsole();
  const log = (line: string): void => void process.stderr.write(line);
  const power = new Power({ name: instanceId, start, console, screen: serial, log });
  const remove = async (): Promise<void> => {
    await power.cut();
    rmSync(dir, { recursive: true, force: true });
  };
  return {
    ...{ instanceId, console, serial, disk, remove, off: power.off, kill: () => power.cut() },
    poweredOnAt: () => power.onAt,
  };
}

function filesOf({ userData, instanceId, environment, files = {} }: VmOptions): VmOptions['files'] & object {
  const lines = Object.entries(environment ?? {}).map(([name, value]) => `${name}=${value}\n`);
  return {
    [`${SEED}/user-data`]: userData,
    [`${SEED}/meta-data`]: `instance-id: ${instanceId}\n`,
    ...(environment ? { '/etc/he300/environment': lines.join('') } : {}),
    ...files,
  };
}
