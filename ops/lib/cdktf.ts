/** The cdktf CLI and Terraform as child processes. */
import { resolve } from 'node:path';
import { $, type ProcessOutput } from 'zx';

const CDKTF = resolve('node_modules/.bin/cdktf');

export interface CdktfOptions {
  /** Added to the environment of the command. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with every line that the command prints. */
  readonly onLine: (line: string) => void;
}

/** Runs `cdktf` and resolves whatever its exit code is. Without asking the registry: a mirror may be all there is. */
export async function cdktf(
  args: readonly string[],
  { env = {}, onLine }: CdktfOptions,
): Promise<ProcessOutput> {
  const child = $({
    env: { ...process.env, CHECKPOINT_DISABLE: '1', DISABLE_VERSION_CHECK: '1', ...env },
    nothrow: true,
    quiet: true,
  })`${CDKTF} ${args}`;
  for await (const line of child) onLine(line);
  return child;
}

export const stackDirectory = (stack: string): string => resolve('cdktf.out', 'stacks', stack);

/** Runs Terraform in a synthesized stack's folder; rejects when it fails. */
export async function terraformIn(stack: string, args: readonly string[]): Promise<ProcessOutput> {
  return $({
    cwd: stackDirectory(stack),
    env: { ...process.env, CHECKPOINT_DISABLE: '1' },
    quiet: true,
  })`terraform ${args}`;
}

/** What Terraform said of a failure, in one line. */
export function terraformError(output: string): string {
  const text = output.replace(/\u001b\[[0-9;]*m/g, '');
  const found = [...text.matchAll(/Error: (.+(?:\n(?!\s*\n)[^\n]*)*)/g)].map((m) =>
    m[1]!
      .replace(/[│╷╵\n]+/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  return [...new Set(found)].join('; ') || 'Terraform failed without saying why';
}
