/** Boots a real host: Debian on an emulated PC, with the user data that its cloud would give it. Needs no KVM. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VmConsole } from './console';
import { VmDisk } from './disk';
import type { VmImage } from './image';
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
  /** Resolves when the host has powered itself off; rejects when it was cut off, or crashed. */
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

const KERNEL_ARGS =
  'console=ttyS0 quiet loglevel=4 printk.time=1 mitigations=off apparmor=0 selinux=0 random.trust_cpu=1 panic=-1';

export function bootVm(qemu: string, image: VmImage, options: VmOptions): Vm {
  const dir = mkdtempSync(join(tmpdir(), 'he300-vm-'));
  const disk = VmDisk.copyOf(image.disk, join(dir, 'disk.ext4'));
  disk.write(filesOf(options));
  const screen = join(dir, 'screen.log');
  const serial = (): string => (existsSync(screen) ? readFileSync(screen, 'utf8') : '');
  // Without a flush to the machine's own disk: it is the host that loses its power here, not the machine.
  const drive = `file=${disk.path},format=raw,if=virtio,cache=unsafe`;
  const child = spawn(
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
  const console = new VmConsole();
  const off = finished(child, console, serial);
  // Whoever only kills it has no use for how it ended.
  off.catch(() => undefined);
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await off.catch(() => undefined);
  };
  const remove = async (): Promise<void> => {
    await kill();
    rmSync(dir, { recursive: true, force: true });
  };
  return { instanceId: options.instanceId, console, serial, off, disk, kill, remove };
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

async function finished(child: ChildProcess, console: VmConsole, serial: () => string): Promise<void> {
  let stderr = '';
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => console.take(chunk));
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  const fault = faultOf(code, signal, stderr, serial);
  console.end(fault);
  if (fault !== undefined) throw new Error(fault);
}

/** With panic=-1 a crash looks like a reboot, and -no-reboot makes it an end like any other. */
function faultOf(
  code: number | null,
  signal: string | null,
  stderr: string,
  serial: () => string,
): string | undefined {
  if (code !== 0) return `qemu ended with ${signal ?? `exit code ${code}`}: ${stderr.trim()}`;
  return /Kernel panic/.test(serial()) ? `the host's kernel crashed:\n${serial().slice(-4000)}` : undefined;
}
