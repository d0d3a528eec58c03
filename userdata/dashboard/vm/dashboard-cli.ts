/** The dashboard's own command line as a child process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * @param program its `dashboard.mjs`
 * @param env more variables
 * @returns what it printed
 * @throws Error with its last line when it fails
 */
export async function dashboardCli(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return stdout;
  throw new Error(`${args[0]}: ${stderr.trim().split('\n').at(-1) || `exit code ${code}`}`);
}
