/** `he300` for tests, in this process: its exit code and all that it wrote. */
import { run, type Streams } from './run';

export interface Called {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param io what is not given: nobody stops it, and there is no terminal */
export async function called(
  argv: readonly string[],
  io: Partial<Pick<Streams, 'stop' | 'terminalColumns'>> = {},
): Promise<Called> {
  const text = { stdout: '', stderr: '' };
  const code = await run(argv, {
    stdout: (t) => void (text.stdout += t),
    stderr: (t) => void (text.stderr += t),
    stop: new AbortController().signal,
    ...io,
  });
  return { code, ...text };
}
