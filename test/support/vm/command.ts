/** Programs that are waited for, because an image is made while Jest collects its tests. */
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';

const MOST_OUTPUT_BYTES = 256 * 1024 * 1024;

/** @throws Error with the last lines of what the program said, unless it ended well */
export function run(program: string, args: readonly string[], input?: string): Buffer {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    maxBuffer: MOST_OUTPUT_BYTES,
    ...(input === undefined ? {} : { input }),
  });
  if (status === 0) return stdout;
  const said =
    error?.message ?? `${stdout.toString()}\n${stderr.toString()}`.trim().split('\n').slice(-5).join('\n');
  throw new Error(`${basename(program)} failed: ${said}`);
}

/** What the program prints. */
export const output = (program: string, args: readonly string[]): string => run(program, args).toString();
