/** Runs one client on its core and says what it used. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Command } from './client';
import { CLIENT_CORE, onCore } from './cores';
import { usedBy } from './session';

export interface Cost {
  /** User and system time of the process and all below it. */
  readonly cpuSeconds: number;
  readonly memoryMib: number;
  readonly stdout: string;
}

const LOOK_MS = 200;
const TICKS_PER_SECOND = 100;

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
  const ticks = new Map<number, number>();
  let memoryKib = 0;
  const watch = setInterval(() => {
    const used = usedBy(child.pid!);
    for (const [pid, cpu] of used.cpuTicks) ticks.set(pid, cpu);
    memoryKib = Math.max(memoryKib, used.memoryKib);
  }, LOOK_MS);
  const limit = setTimeout(() => process.kill(-child.pid!, constants.signals.SIGKILL), MOST_SECONDS * 1000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(watch);
  clearTimeout(limit);
  const [stdout, stderr] = [await out, await err];
  const time = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(stderr);
  if (code !== 0 || !time)
    throw new Error(`failed: ${lastLine(stderr.replace(time?.[0] ?? '', '') || stdout)}`);
  const waitedFor = Number(time[1]) + Number(time[2]);
  // A child that nobody waited for is only seen while it runs.
  const seen = [...ticks.values()].reduce((a, b) => a + b, 0) / TICKS_PER_SECOND;
  return { cpuSeconds: Math.max(waitedFor, seen), memoryMib: memoryKib / 1024, stdout };
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += String(chunk);
  return all;
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
