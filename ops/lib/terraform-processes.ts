/** Terraform processes that work on one stack of this checkout. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface TerraformProcess {
  readonly pid: number;
  /** A provider is a child of Terraform's; alone it launches nothing more, but what it asked for may still come. */
  readonly kind: 'terraform' | 'provider';
  /** Whether cdktf, its parent, is gone. */
  readonly orphaned: boolean;
}

/** Undefined where the system does not tell (no /proc). */
export type Scan = () => readonly TerraformProcess[] | undefined;

/**
 * Looks for processes whose working directory is the stack's: `cdktf.out/stacks/<stack>`, or wherever `--output` under
 * this checkout or `CDKTF_OUTPUT` has put it.
 */
export function scanStack(stack: string, proc = '/proc', checkout = process.cwd()): Scan {
  const roots = [checkout, resolve(process.env.CDKTF_OUTPUT ?? checkout)];
  const isOurs = (cwd: string): boolean =>
    cwd.endsWith(join(sep, 'stacks', stack)) && roots.some((root) => cwd.startsWith(root + sep));

  return () => {
    if (!existsSync(proc)) return undefined;
    return readdirSync(proc)
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const kind = kindOf(link(proc, name, 'exe'));
        const cwd = link(proc, name, 'cwd');
        if (!kind || !cwd || !isOurs(cwd)) return [];
        return [{ pid: Number(name), kind, orphaned: isOrphan(proc, name) }];
      });
  };
}

function kindOf(exe: string | undefined): TerraformProcess['kind'] | undefined {
  const name = basename(exe ?? '');
  if (name.startsWith('terraform-provider-')) return 'provider';
  return name === 'terraform' || name === basename(process.env.TERRAFORM_BINARY_NAME ?? '')
    ? 'terraform'
    : undefined;
}

/** cdktf is a Node program. Whoever adopts an orphan, process 1 or a session's manager, is taken for no cdktf. */
function isOrphan(proc: string, name: string): boolean {
  const parent = /^PPid:\s*(\d+)/m.exec(read(proc, name, 'status'))?.[1] ?? '1';
  return parent === '1' || basename(link(proc, parent, 'exe') ?? '') !== 'node';
}

/** Undefined for a process that has ended meanwhile, waits to be reaped, or is not ours to look at. */
function link(...path: string[]): string | undefined {
  try {
    // The system marks a program whose file was replaced while it runs.
    return readlinkSync(join(...path)).replace(/ \(deleted\)$/, '');
  } catch {
    return undefined;
  }
}

function read(...path: string[]): string {
  try {
    return readFileSync(join(...path), 'utf8');
  } catch {
    return '';
  }
}

export interface StopLimits {
  /** How long Terraform may take to finish what it is doing, write the state and give the lock back. */
  readonly terraformMs: number;
  readonly providerMs: number;
}

/**
 * Stops what `scan` finds: Terraform as Ctrl-C would, then by force. Providers ignore Ctrl-C and end with Terraform.
 * @throws Error when one is still there after that
 */
export async function stopTerraform(
  scan: Scan,
  { terraformMs, providerMs }: StopLimits = { terraformMs: 60_000, providerMs: 5_000 },
): Promise<void> {
  const found = (kind?: TerraformProcess['kind']) => (scan() ?? []).filter((p) => !kind || p.kind === kind);
  for (const { pid } of found('terraform')) signal(pid, 'SIGINT');
  if (!(await until(() => found('terraform').length === 0, terraformMs))) {
    for (const { pid } of found('terraform')) signal(pid, 'SIGKILL');
  }
  if (await until(() => found().length === 0, providerMs)) return;
  for (const { pid } of found()) signal(pid, 'SIGKILL');
  if (!(await until(() => found().length === 0, providerMs))) {
    throw new Error(`process ${found().map(({ pid }) => pid)} does not end`);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function until(condition: () => boolean, limitMs: number): Promise<boolean> {
  for (const deadline = Date.now() + limitMs; Date.now() < deadline; await delay(100))
    if (condition()) return true;
  return condition();
}
