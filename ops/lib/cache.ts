/** The per-user cache of programs that this project installs for itself, shared by every checkout. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

export function cacheDir(): string {
  const { HE300_CACHE, XDG_CACHE_HOME } = process.env;
  return HE300_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'he300-bench');
}

const COMPLETE = '.complete';

/**
 * Returns the directory `name` of the cache, filled by `build` at most once, also by concurrent callers.
 * The name carries whatever the content depends on, such as a version. The directory is built at its final place,
 * because virtual environments cannot be moved; a mark written last tells a finished one from an interrupted one.
 * @param product file below the directory without which it counts as broken
 */
export function buildOnce(name: string, product: string, build: (dir: string) => void): string {
  const dir = join(cacheDir(), name);
  const ready = () => existsSync(join(dir, COMPLETE)) && existsSync(join(dir, product));
  if (ready()) return dir;
  return withLock(`${dir}.lock`, () => {
    if (ready()) return dir;
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
    build(dir);
    writeFileSync(join(dir, COMPLETE), '');
    return dir;
  });
}

/**
 * The lock is a directory that holds its owner's process id. It is made elsewhere and renamed into place, which is atomic
 * and fails while another one stands there: so a lock never exists without its owner's name.
 */
function withLock<T>(lock: string, body: () => T): T {
  mkdirSync(dirname(lock), { recursive: true });
  const mine = mkdtempSync(`${lock}-`);
  writeFileSync(join(mine, 'pid'), String(process.pid));
  while (!rename(mine, lock)) {
    if (isAbandoned(lock)) discard(lock);
    else pause(200);
  }
  try {
    return body();
  } finally {
    discard(lock);
  }
}

function rename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Moves the lock away before deleting it, so that nobody sees it half deleted. */
function discard(lock: string): void {
  const away = `${lock}-${process.pid}-done`;
  if (rename(lock, away)) rmSync(away, { recursive: true, force: true });
}

function isAbandoned(lock: string): boolean {
  try {
    return !isAlive(Number(readFileSync(join(lock, 'pid'), 'utf8')));
  } catch {
    return false; // released between the attempt to take it and this look
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Tools are resolved while jest collects tests, which is synchronous: so is the wait for a lock. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
