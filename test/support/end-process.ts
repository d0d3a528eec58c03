import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Tells the process to end, where it has not, and resolves when it is gone. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill();
  await exit;
}
