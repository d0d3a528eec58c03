/** The one emulator of a checkout that runs on between commands. Its state stands in `<dir>/emulator.json`. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from './cli';
import { answers, startEmulator, stopGroup } from './emulator';
import { commandLine } from './process';

export interface Daemon {
  readonly pid: number;
  readonly port: number;
}

const DEFAULT_PORT = 5555;

const stateFile = (dir: string): string => join(dir, 'emulator.json');

/** The running emulator, or undefined. */
export async function daemonStatus(dir: string): Promise<Daemon | undefined> {
  const daemon = recorded(dir);
  return daemon && (await answers(daemon.port)) ? daemon : undefined;
}

/**
 * Starts the emulator unless it runs.
 * @throws CliError when it runs at another port than the one asked for, or that port is taken
 */
export async function startDaemon(
  dir: string,
  port?: number,
): Promise<Daemon & { readonly alreadyRan: boolean }> {
  const running = await daemonStatus(dir);
  if (running) {
    if (port !== undefined && port !== running.port) {
      throw new CliError(`already running at port ${running.port}; stop it first`);
    }
    return { ...running, alreadyRan: true };
  }
  mkdirSync(dir, { recursive: true });
  const { pid, port: bound } = await startEmulator({
    port: port ?? DEFAULT_PORT,
    logFile: join(dir, 'emulator.log'),
    outlivesParent: true,
  });
  writeFileSync(stateFile(dir), JSON.stringify({ pid, port: bound }));
  return { pid, port: bound, alreadyRan: false };
}

/** Stops the emulator; false when none ran. */
export async function stopDaemon(dir: string): Promise<boolean> {
  const daemon = recorded(dir);
  if (daemon) await stopGroup(daemon.pid);
  rmSync(stateFile(dir), { force: true });
  return daemon !== undefined;
}

/** A recorded process id may by now belong to somebody else's program, so it counts only while it is a moto server. */
function recorded(dir: string): Daemon | undefined {
  if (!existsSync(stateFile(dir))) return undefined;
  const daemon = JSON.parse(readFileSync(stateFile(dir), 'utf8')) as Daemon;
  return commandLine(daemon.pid).includes(`moto_server -H 127.0.0.1 -p ${daemon.port}`) ? daemon : undefined;
}
