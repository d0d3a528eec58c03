/** Starts moto's server, the AWS emulator, on a loopback port. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from './cli';
import { moto } from './moto';
import { commandLine, signalGroup } from './process';

export interface EmulatorOptions {
  /** Without one the system chooses a free port. */
  readonly port?: number;
  /** Where the server's output goes; without one it is kept only until the server answers. */
  readonly logFile?: string;
  /** Leaves the server running when this process ends, however it ends. Default: it ends with us. */
  readonly outlivesParent?: boolean;
  /** Where the server writes down calls while it is told to. Default: a file in the current directory. */
  readonly recordingFile?: string;
}

export interface Emulator {
  readonly endpoint: string;
  readonly port: number;
  /** Leader of the server's process group. */
  readonly pid: number;
  /** What a program needs in its environment to talk to the emulator, and to nothing else. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5_000;
const POLL_MS = 50;

/**
 * Returns once the server answers.
 * @throws CliError when the port is taken, or the server ends or stays silent for a minute; ToolMissing without moto
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const server = moto();
  if (options.port !== undefined) await assertFree(options.port);
  const scratch = options.logFile === undefined ? mkdtempSync(join(tmpdir(), 'he300-emulator-')) : undefined;
  const logFile = options.logFile ?? join(scratch as string, 'log');
  const command = [server.path, '-H', HOST, '-p', String(options.port ?? 0)];
  const env = options.recordingFile ? { MOTO_RECORDER_FILEPATH: options.recordingFile } : {};
  const child = launch(options.outlivesParent ? command : onLeash(command), logFile, env);
  const pid = child.pid as number;
  try {
    const port = await untilAnswering(child, logFile);
    return { endpoint: endpointOf(port), port, pid, env: emulatorEnv(port), stop: () => stopGroup(pid) };
  } catch (error) {
    await stopGroup(pid);
    throw error;
  } finally {
    if (scratch) rmSync(scratch, { recursive: true, force: true });
  }
}

export const endpointOf = (port: number): string => `http://${HOST}:${port}`;

export const emulatorEnv = (port: number): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpointOf(port),
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
});

/** Whether an emulator, and not some other server, answers at the port. */
export async function answers(port: number): Promise<boolean> {
  try {
    const { status } = await fetch(`${endpointOf(port)}/moto-api/`, { signal: AbortSignal.timeout(5_000) });
    return status === 200;
  } catch {
    return false;
  }
}

/** Ends a server and all it started; by force after five seconds. */
export async function stopGroup(pid: number): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  const deadline = Date.now() + STOP_LIMIT_MS;
  while (commandLine(pid) !== '') {
    if (Date.now() > deadline) signalGroup(pid, 'SIGKILL');
    await delay(POLL_MS);
  }
}

/**
 * Wraps a command so that it ends when its standard input does. Our end of that pipe is closed by the system whatever
 * kills us, where an exit handler would not run. The command replaces the shell, so their process id is the same.
 */
function onLeash(command: readonly string[]): string[] {
  const script = 'exec 3<&0; (cat <&3 >/dev/null; kill $$) & exec "$@" 3<&- </dev/null';
  return ['sh', '-c', script, 'sh', ...command];
}

/** The output goes to a file, because a pipe would fill up and stall the server while we wait for some other process. */
function launch(
  [program, ...args]: readonly string[],
  logFile: string,
  env: Readonly<Record<string, string>>,
): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w');
  const child = spawn(program as string, args, {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  // Neither the server nor the pipe keeps a script alive that forgot to stop it.
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  child.on('exit', () => child.stdin?.destroy());
  return child;
}

async function untilAnswering(child: ChildProcess, logFile: string): Promise<number> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const log = readFileSync(logFile, 'utf8');
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new CliError(`moto_server ended before it answered: ${log.trim().split('\n').at(-1)}`);
    }
    const port = Number(/Running on http:\/\/[\d.]+:(\d+)/.exec(log)?.[1] ?? 0);
    if (port > 0 && (await answers(port))) return port;
    if (Date.now() > deadline)
      throw new CliError(`moto_server does not answer after ${START_LIMIT_MS / 1000} s`);
    await delay(POLL_MS);
  }
}

function assertFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', () =>
      reject(new CliError(`port ${port} is in use by something else; choose another with --port`)),
    );
    probe.listen(port, HOST, () => probe.close(() => resolve()));
  });
}
