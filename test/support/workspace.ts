/** A working directory of a test's own, with the project's programs in it and nobody else's synthesized stacks or state. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROJECT = join(__dirname, '../..');
const CDKTF = join(PROJECT, 'node_modules/.bin/cdktf');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as a person would see them, without colours. */
  readonly text: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
}

export class Workspace {
  readonly path = mkdtempSync(join(tmpdir(), 'he300-workspace-'));

  /**
   * @param env variables of every command, besides what a shell has
   * @param app what makes the stacks. @default - the project's
   */
  constructor(
    private readonly env: () => Readonly<Record<string, string>>,
    app = join(PROJECT, 'main.ts'),
  ) {
    cpSync(join(PROJECT, 'cdktf.json'), join(this.path, 'cdktf.json'));
    symlinkSync(app, join(this.path, 'main.ts'));
    for (const name of ['node_modules', 'ops', 'package.json'])
      symlinkSync(join(PROJECT, name), join(this.path, name));
  }

  stack(name: string): string {
    return join(this.path, 'cdktf.out/stacks', name);
  }

  /** Starts a command as the leader of a process group of its own, as a shell does. */
  start(
    command: readonly [string, ...string[]],
    env: Readonly<Record<string, string>> = {},
    cwd = this.path,
  ): Running {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(command[0], command.slice(1), {
      cwd,
      detached: true,
      env: { PATH, HOME, CHECKPOINT_DISABLE: '1', CI: '1', ...this.env(), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const finished = once(child, 'close').then(([code]): Finished => {
      return { code: code as number | null, stdout, stderr, text: plain(stdout + stderr) };
    });
    return { process: child, finished };
  }

  run(
    command: readonly [string, ...string[]],
    env?: Readonly<Record<string, string>>,
    cwd?: string,
  ): Promise<Finished> {
    return this.start(command, env, cwd).finished;
  }

  cdktf(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Finished> {
    return this.run([CDKTF, ...args], env);
  }

  deploy(stacks: readonly string[], env?: Readonly<Record<string, string>>): Promise<Finished> {
    return this.startDeploy(stacks, env).finished;
  }

  startDeploy(stacks: readonly string[], env?: Readonly<Record<string, string>>): Running {
    return this.start([CDKTF, 'deploy', ...stacks, '--auto-approve', '--skip-provider-lock'], env);
  }

  destroy(stacks: readonly string[]): Promise<Finished> {
    return this.cdktf(['destroy', ...stacks, '--auto-approve', '--skip-provider-lock']);
  }

  diff(stack: string): Promise<Finished> {
    return this.cdktf(['diff', stack, '--skip-provider-lock']);
  }

  /** One of the scripts in `ops/`, as `npm run` calls it. */
  ops(script: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Finished> {
    return this.run([process.execPath, '--import', 'tsx', `ops/${script}.ts`, ...args], env);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Fails with the command's own words, which the bare exit code would hide. */
export function expectSuccess({ code, text }: Finished): void {
  if (code !== 0) throw new Error(`exit code ${code}:\n${text.slice(-4000)}`);
}

const plain = (text: string): string => text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
