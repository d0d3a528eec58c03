/** Other programs of the host: `systemctl`, `wg`, `ip`, `nft`, `nvidia-smi`. */
import { execFile } from 'node:child_process';

export interface Ran {
  /** Null when it was ended by a signal, or is not there. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell; how it ended is the caller's to judge. */
export type Run = (program: string, ...args: readonly string[]) => Promise<Ran>;

const TIME_LIMIT_MS = 60_000;

export const runProgram: Run = (program, ...args) =>
  new Promise((resolve) => {
    const options = { timeout: TIME_LIMIT_MS, maxBuffer: 16 * 1024 * 1024, encoding: 'utf8' } as const;
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, stdout, stderr: stderr || (code === null ? (error?.message ?? '') : '') });
    });
  });

/** Its standard output. @throws Error with the last line of what it said */
export async function must(run: Run, program: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(program, ...args);
  if (code === 0) return stdout;
  const said = stderr.trim().split('\n').at(-1) || `exit code ${code}`;
  throw new Error(`${program} ${args.join(' ')}: ${said}`);
}
