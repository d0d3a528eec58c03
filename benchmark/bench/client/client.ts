/** What the bench needs of a client: a file each. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Client {
  readonly name: string;
  /** Streamed requests a second that it is about able to make on one core: how many it is given follows from it. */
  readonly roughRate: number;
  /** Makes it ready to run; the first time takes minutes. @throws ToolMissing */
  readonly install: () => Installed;
}

export interface Installed {
  readonly command: (task: Task) => Command;
  /** 99th percentile of what it measured from request to last byte, out of what a run printed and left in its directory. */
  readonly p99Ms: (stdout: string, dir: string) => number | undefined;
}

export interface Task {
  readonly requests: number;
  readonly inFlight: number;
  /** Of the echo server, with `/v1`. */
  readonly url: string;
  /** Empty, and the working directory of the run. */
  readonly dir: string;
}

export interface Command {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const SCRATCH = mkdtempSync(join(tmpdir(), 'he300-bench-'));

/** A directory that the bench removes when it ends. */
export function scratch(name: string): string {
  const dir = join(SCRATCH, name);
  mkdirSync(dir, { recursive: true });
  return dir;
}
