/** A host's supervisor as a tree of processes on this machine, with a `systemctl` that only writes down what it is asked. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostConfig } from '../../benchmark/src/contract/host-config';
import { signalGroup } from '../../ops/lib/process';
import type { Instance } from './host-world';

export interface HostProcessOptions {
  /** The runner in one file. */
  readonly bundle: string;
  /** Of this host alone; one that is there already is the disk of a host that is started again. */
  readonly dir: string;
  readonly config: HostConfig;
  readonly instance: Instance;
  readonly env: NodeJS.ProcessEnv;
  /** When the run must stop. @default - in an hour */
  readonly stopAt?: Date;
  /** Where it keeps everything. @default - in `dir` */
  readonly state?: string;
  /** Program and arguments that start it, such as those that put it on another machine. @default - none */
  readonly through?: readonly string[];
  /** Of `he300 host`, besides. @default - none */
  readonly argv?: readonly string[];
}

export interface HostLine {
  readonly level: string;
  readonly phase: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export class HostProcess {
  readonly ended: Promise<number | null>;
  readonly state: string;
  private readonly child: ChildProcess;
  private output = '';

  constructor(private readonly options: HostProcessOptions) {
    const {
      dir,
      config,
      instance,
      bundle,
      env,
      argv = [],
      through = [],
      state = join(dir, 'state'),
    } = options;
    this.state = state;
    for (const path of [dir, state]) mkdirSync(path, { recursive: true });
    this.arm();
    writeFileSync(this.at('host.json'), JSON.stringify(config));
    writeFileSync(this.at('instance-data.json'), JSON.stringify({ v1: { instance_id: instance.id } }));
    this.program('systemctl', `echo "$*" >> ${this.at('systemctl')}`);
    const told = ['--config', this.at('host.json'), '--instance-data', this.at('instance-data.json')];
    const program = [...through, process.execPath, bundle, 'host', ...told, '--state', this.state];
    const [command, ...args] = [...program, '--health-port', '0', '--report-patience', '5', ...argv];
    this.child = spawn(command!, args, {
      // A group of its own, so that a lost host is lost with all of its programs.
      detached: true,
      env: { PATH: `${this.at('bin')}:${process.env['PATH']}`, HOME: dir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer): void => void (this.output += chunk.toString());
    this.child.stdout!.on('data', keep);
    this.child.stderr!.on('data', keep);
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  /** What it wrote to the journal so far. */
  get journal(): string {
    return this.output;
  }

  get lines(): HostLine[] {
    return this.output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as HostLine);
  }

  /** Calls of `systemctl`, in order. */
  get systemctl(): string[] {
    const path = this.at('systemctl');
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  }

  runDirectory(runId: string): string {
    return join(this.state, 'runs', runId);
  }

  /** Samples in the log of a run, in whole lines. */
  samples(runId: string): number {
    const path = join(this.runDirectory(runId), 'samples.jsonl');
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
  }

  /** The host is gone, as if its power were cut. */
  async lose(): Promise<void> {
    signalGroup(this.child.pid!, 'SIGKILL');
    await this.ended;
  }

  tellToStop(): void {
    this.child.kill('SIGTERM');
  }

  /** Puts a program before all others of its name. */
  program(name: string, script: string): void {
    mkdirSync(this.at('bin'), { recursive: true });
    writeFileSync(join(this.at('bin'), name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  /** This machine was booted long ago: the host is armed as one that was launched just now. */
  private arm(): void {
    const path = join(this.state, 'armed.json');
    if (existsSync(path)) return;
    const now = Date.now();
    const stopAt = this.options.stopAt ?? new Date(now + 3_600_000);
    const limitAt = new Date(stopAt.getTime() + 300_000);
    const armed = { launchedAt: new Date(now), stopAt, limitAt };
    appendFileSync(path, JSON.stringify(armed));
  }

  private at(name: string): string {
    return join(this.options.dir, name);
  }
}
