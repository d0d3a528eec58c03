import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scanStack, stopTerraform, type Scan } from './terraform-processes';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'he300-processes-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('the processes of a stack, read from a /proc of our own', () => {
  const here = process.cwd();
  const NODE = '/usr/bin/node';

  /** A process as Linux shows it. */
  function add(pid: number, ppid: number, exe: string, cwd: string): void {
    mkdirSync(join(folder, String(pid)));
    symlinkSync(exe, join(folder, String(pid), 'exe'));
    symlinkSync(cwd, join(folder, String(pid), 'cwd'));
    writeFileSync(join(folder, String(pid), 'status'), `Name:\tx\nPid:\t${pid}\nPPid:\t${ppid}\n`);
  }
  const scan = (stack = 'dev') => scanStack(stack, folder)();

  test('are unknown where the system has no /proc', () => {
    expect(scanStack('dev', join(folder, 'nowhere'))()).toBeUndefined();
  });

  test('are Terraform and its providers at work in the stack folder of this checkout', () => {
    const stacks = join(here, 'cdktf.out/stacks');
    add(10, 1, NODE, here);
    add(11, 10, '/usr/local/bin/terraform', join(stacks, 'dev'));
    add(12, 11, join(stacks, 'dev/.terraform/terraform-provider-aws_v5.100.0_x5'), join(stacks, 'dev'));
    add(13, 10, '/usr/local/bin/terraform', join(stacks, 'dev-platform'));
    add(14, 10, '/usr/local/bin/terraform', '/somewhere/else/cdktf.out/stacks/dev');
    add(15, 10, '/bin/bash', join(stacks, 'dev'));
    expect(scan()).toEqual([
      { pid: 11, kind: 'terraform', orphaned: false },
      { pid: 12, kind: 'provider', orphaned: true },
    ]);
  });

  test('are orphaned under process 1, even where that is a Node program, and under any other that is none', () => {
    const cwd = join(here, 'cdktf.out/stacks/dev');
    add(1, 0, NODE, '/');
    add(2, 1, '/lib/systemd/systemd', '/');
    add(10, 1, NODE, here);
    add(20, 1, '/usr/bin/terraform', cwd);
    add(21, 2, '/usr/bin/terraform (deleted)', cwd);
    add(22, 99, '/usr/bin/terraform', cwd);
    add(23, 10, '/usr/bin/terraform', cwd);
    expect(scan()!.map(({ pid, orphaned }) => [pid, orphaned])).toEqual([
      [20, true],
      [21, true],
      [22, true],
      [23, false],
    ]);
  });

  test('are found where CDKTF_OUTPUT has put the stacks', () => {
    add(20, 1, '/usr/bin/terraform', '/tmp/out/stacks/dev');
    expect(scan()).toEqual([]);
    process.env.CDKTF_OUTPUT = '/tmp/out';
    try {
      expect(scan()).toHaveLength(1);
    } finally {
      delete process.env.CDKTF_OUTPUT;
    }
  });
});

describe('to stop them', () => {
  const limits = { terraformMs: 300, providerMs: 300 };
  const children: ChildProcess[] = [];
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

  interface Running {
    readonly pid: number;
    readonly alive: () => boolean;
    /** The signal that ended it. */
    readonly end: Promise<unknown>;
  }

  /** A real process, which ignores Ctrl-C or does not. */
  async function start(ignoresInterrupt: boolean): Promise<Running> {
    const trap = ignoresInterrupt ? "trap '' INT; " : '';
    const child = spawn('sh', ['-c', `${trap}echo ready; exec sleep 600`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(child);
    const end = once(child, 'exit').then(([, signal]) => signal as unknown);
    await once(child.stdout, 'data');
    return { pid: child.pid!, alive: () => child.exitCode === null && child.signalCode === null, end };
  }
  const scanOf =
    (
      ...processes: {
        readonly pid: number;
        readonly kind: 'terraform' | 'provider';
        readonly alive: () => boolean;
      }[]
    ): Scan =>
    () =>
      processes.filter(({ alive }) => alive()).map(({ pid, kind }) => ({ pid, kind, orphaned: true }));

  test('one that cannot be stopped is an error', async () => {
    const immortal = { pid: 2 ** 30, kind: 'terraform', alive: () => true } as const;
    await expect(stopTerraform(scanOf(immortal), { terraformMs: 0, providerMs: 0 })).rejects.toThrow(
      `process ${2 ** 30} does not end`,
    );
  });

  test('Terraform that does not answer Ctrl-C is killed, and so is a provider that stays', async () => {
    const [terraform, provider] = [await start(true), await start(true)];
    await stopTerraform(
      scanOf({ ...terraform, kind: 'terraform' }, { ...provider, kind: 'provider' }),
      limits,
    );
    expect([await terraform.end, await provider.end]).toEqual(['SIGKILL', 'SIGKILL']);
  });

  test('Terraform gets Ctrl-C first, so that it can write its state and give the lock back', async () => {
    const terraform = await start(false);
    await stopTerraform(scanOf({ ...terraform, kind: 'terraform' }), {
      terraformMs: 30_000,
      providerMs: 30_000,
    });
    expect(await terraform.end).toBe('SIGINT');
  });

  test('nothing is nothing to stop, also where processes cannot be seen', async () => {
    await expect(stopTerraform(() => undefined, limits)).resolves.toBeUndefined();
  });
});
