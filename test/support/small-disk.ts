/** A disk that is soon full: a tmpfs of a given size. Only root mounts one. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MIB = 1024 ** 2;

/** Makes the directory, and mounts the disk there. @throws Error */
export function mountSmallDisk(path: string, mebibytes: number): void {
  mkdirSync(path, { recursive: true });
  const { status, stderr, error } = spawnSync(
    'mount',
    ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`mount: ${(stderr ?? error?.message ?? '').trim()}`);
}

export const unmount = (path: string): void => void spawnSync('umount', ['--lazy', path]);

/** Leaves no room on the disk for another byte. */
export function fill(path: string): void {
  for (const bytes of [MIB, 4096, 1]) {
    try {
      for (;;) appendFileSync(join(path, 'filler'), Buffer.alloc(bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

/** Why there can be none here; undefined where they can. */
export function smallDiskMissing(): string | undefined {
  const path = mkdtempSync(join(tmpdir(), 'he300-disk-'));
  try {
    mountSmallDisk(path, 1);
    unmount(path);
    return undefined;
  } catch (error) {
    return `a small disk: ${(error as Error).message}`;
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}
