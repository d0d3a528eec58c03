/** What `he300-dashboard` answers, apart from the process it runs in. */
import { version } from '../../package.json';
import { InputError } from '../errors';
import type { Io } from './io';

export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Returns the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  if (argv.length === 1 && argv[0] === '--version') {
    io.stdout(`${version}\n`);
    return EXIT.ok;
  }
  const { call } = await import('./program');
  try {
    return await call(argv, version, io);
  } catch (error) {
    if (!isSomebodyElses(error)) throw error;
    io.stderr(`he300-dashboard: ${oneLine(error.message || String((error as { code?: unknown }).code))}\n`);
    return EXIT.failed;
  }
}

/** A fault of the user or of the system (a code such as ENOSPC, SQLITE_BUSY or 28P01), and no reason to show our stack. */
const isSomebodyElses = (error: unknown): error is Error =>
  error instanceof InputError ||
  (error instanceof Error && typeof (error as { code?: unknown }).code === 'string');

const oneLine = (text: string): string => text.split('\n')[0]!;
