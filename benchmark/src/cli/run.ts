/** What `he300` answers, apart from the process it runs in. */
import { version } from '../../package.json';
import { InputError } from '../errors';
import { oneLine } from '../one-line';

export interface Streams {
  stdout(text: string): void;
  stderr(text: string): void;
  /** Ends with this code where nothing else goes wrong. */
  exit(code: number): void;
  /** Given when the user wants to stop. */
  readonly stop: AbortSignal;
  /** Width of the terminal behind `stderr`; undefined when there is none. */
  readonly terminalColumns?: number | undefined;
}

export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Returns the exit code. */
export async function run(argv: readonly string[], io: Omit<Streams, 'exit'>): Promise<number> {
  // The one question that scripts ask often; it is answered before anything is loaded.
  if (argv.length === 1 && argv[0] === '--version') {
    io.stdout(`${version}\n`);
    return EXIT.ok;
  }
  const { program } = await import('./program');
  try {
    return await program(version, io).call(argv);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    io.stderr(`he300: ${oneLine(error.message)}\n`);
    return EXIT.failed;
  }
}
