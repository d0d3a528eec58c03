/** The runner's command line as a user calls it, from its sources, in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { verify } from '../../benchmark/src/run/verify';

export const HE300 = join(__dirname, '../../benchmark/bin/he300.mjs');

export interface Called {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Call {
  readonly argv: readonly string[];
  /** Node's program to run. @default HE300 */
  readonly program?: string;
  /** @default - this one's */
  readonly cwd?: string;
  /** Besides this process's own. @default - nothing */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the call as Ctrl-C does, once standard output holds this. @default - never */
  readonly interruptAt?: string;
}

export const he300 = (...argv: readonly string[]): Promise<Called> => call({ argv });

export async function call({ argv, program = HE300, cwd, env, interruptAt }: Call): Promise<Called> {
  const child = spawn(process.execPath, [program, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
  });
  let [stdout, stderr, interrupted] = ['', '', false];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    if (interruptAt === undefined || interrupted || !stdout.includes(interruptAt)) return;
    interrupted = child.kill('SIGINT');
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** HE-300 1.0 at temperature 0 and concurrency 1, twice: all 300 answered, the same both times, and hardly one unread. */
export function expectSameRuns(one: string, other: string): void {
  expect(answersOf(one).size).toBe(300);
  expect(answersOf(other)).toEqual(answersOf(one));

  const [first, second] = [verify(one).results, verify(other).results];
  expect(second.bindingSha256).toBe(first.bindingSha256);
  expect(first.score.overall).toMatchObject({ scenarios: 300, errors: 0 });
  // The demo model was taught to begin with a word.
  expect(first.score.overall.unknown).toBeLessThan(30);
}

/** What a run answered, by scenario, where its signature holds. */
export const answersOf = (run: string): ReadonlyMap<string, string> =>
  new Map(
    (verify(run).samples ?? [])
      .filter(({ pass }) => pass === 'scored')
      .map(({ scenarioId, answer }) => [scenarioId, answer]),
  );
