/** Checkov over plans: what it finds, as plain values. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import type { Tool } from '../../ops/lib/tool';

export interface CheckovFinding {
  /** Name of the plan's file without extension: the stack. */
  readonly stack: string;
  readonly check: string;
  readonly resource: string;
  readonly title: string;
}

/** Findings in every plan (`terraform show -json`, one file a stack) of a directory. @throws Error when Checkov fails or reads nothing */
export async function checkov({ path }: Tool, directory: string): Promise<readonly CheckovFinding[]> {
  const args = ['-d', directory, '--framework', 'terraform_plan', '-o', 'json', '--compact', '--quiet'];
  // It would otherwise fetch its vendor's list of severities; and findings are an exit code of their own to us.
  const child = spawn(path, [...args, '--skip-download', '--soft-fail'], {
    env: { ...process.env, LOG_LEVEL: 'ERROR' },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`checkov failed (${code}): ${stderr.slice(-2000)}`);
  return parse(stdout);
}

interface Raw {
  readonly results?: { readonly failed_checks: readonly RawCheck[] };
  readonly summary?: { readonly parsing_errors: number };
}
interface RawCheck {
  readonly check_id: string;
  readonly check_name: string;
  readonly file_path: string;
  readonly resource: string;
}

function parse(text: string): CheckovFinding[] {
  const { results, summary } = JSON.parse(text) as Raw;
  if (!results || !summary) throw new Error('checkov found no plan to check');
  if (summary.parsing_errors > 0) throw new Error(`checkov could not read ${summary.parsing_errors} plans`);
  return results.failed_checks.map((c) => ({
    stack: basename(c.file_path, '.json'),
    check: c.check_id,
    resource: c.resource,
    title: c.check_name,
  }));
}
