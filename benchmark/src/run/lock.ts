/** A file that says which process is at work, and keeps the others out. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Undefined when this process has it now; else the id of the one that has it. A dead one's is taken over.
 * @throws what the file system says
 */
export function takeLock(file: string): number | undefined {
  if (created(file)) return undefined;
  const holder = holderIn(file);
  const pid = Number(holder);
  if (pid !== process.pid && isAlive(pid)) return pid;
  if (removeStale(file, holder) && created(file)) return undefined;
  return Number(holderIn(file));
}

/**
 * Of several that find a dead one's lock only one may remove it: the next would remove that one's own. So it is moved
 * aside first, and put back when it is not what was found. False when somebody has it meanwhile.
 */
export function removeStale(file: string, holder: string): boolean {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return true;
    throw error;
  }
  const isStale = readFileSync(aside, 'utf8') === holder;
  // A link, for unlike a move it takes nobody's place.
  if (!isStale) linkSync(aside, file);
  rmSync(aside);
  return isStale;
}

/** False when there is one. */
function created(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Empty when it is gone by now. */
function holderIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return '';
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;
