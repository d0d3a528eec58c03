/** Runs one client on its core and says what it used. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from './client';
import { CLIENT_CORE, onCore } from './cores';
import { SessionWatch } from './session';

export interface Cost {
  /** User and system time of the process and all below it. */
  readonly cpuSeconds: number;
  readonly memoryMib: number;
  readonly stdout: string;
}

const LOOK_MS = 500;

/** No client may hold the bench up for longer. */
const MOST_SECONDS = 120;

/** @throws Error with the last line that it printed, when it fails */
export async function costOf({ argv, env }: Command, dir: string): Promise<Cost> {
  // Bash counts what a process and its children used that it waited for.
  const child = spawn(
    'bash',
    ['-c', 'TIMEFORMAT="cpu %U %S"; time "$@"', 'bash', ...onCore(CLIENT_CORE, argv)],
    {
      cwd: dir,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A session of its own, by which its processes are known.
      detached: true,
    },
  );
  const [out, err] = [collect(child.stdout), collect(child.stderr)];
  const watch = new SessionWatch(child.pid!);
  const looking = setInterval(() => watch.look(), LOOK_MS);
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    process.kill(-child.pid!, 'SIGKILL');
  }, MOST_SECONDS * 1000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(looking);
  clearTimeout(limit);
  const [stdout, stderr] = [await out, await err];
  if (late) throw new Error(`not done after ${MOST_SECONDS} s`);
  const time = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(stderr);
  if (code !== 0 || !time)
    throw new Error(`failed: ${lastLine(stderr.replace(time?.[0] ?? '', '') || stdout)}`);
  const waitedFor = Number(time[1]) + Number(time[2]);
  // A child that nobody waited for is only seen while it runs.
  const cpuSeconds = Math.max(waitedFor, watch.cpuSeconds);
  return { cpuSeconds, memoryMib: watch.memoryMib, stdout };
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += String(chunk);
  return all;
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
