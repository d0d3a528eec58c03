/** `he300 run` as a process of its own: what it measures is not disturbed by the supervisor, and may crash without it. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { API_KEY_VARIABLE } from '../engines/credentials';
import type { RunProgress } from '../run/progress';
import type { HostLog } from './log/host-log';
import type { Secret } from './log/secret';

export interface RunnerProcessOptions {
  /** Of `he300`, without the program. */
  readonly argv: readonly string[];
  readonly apiKey: Secret | null;
  readonly log: HostLog;
  readonly onProgress: (progress: RunProgress) => void;
  /** Stops the run: it signs what it has. */
  readonly signal: AbortSignal;
  /** Program and script that are `he300`. @default - this very one */
  readonly program?: readonly [string, string];
}

/** After the stop, before it is ended by force. */
const TO_STOP_MS = 30_000;
/** Of what it said on standard error, for the cause. */
const MOST_SAID = 500;

/** Its exit code, or the signal that ended it, and the last line that it said on standard error. */
export interface RunnerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}

export async function runRunner(options: RunnerProcessOptions): Promise<RunnerEnd> {
  const { argv, log, onProgress, signal, program = [process.execPath, process.argv[1]!] } = options;
  const child = spawn(program[0], [program[1], ...argv], {
    env: environment(options.apiKey),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  createInterface(child.stderr).on('line', (line) => {
    said = line.slice(0, MOST_SAID);
    log.warn('the runner says', { line });
  });
  createInterface(child.stdout).on('line', (line) => onProgress(JSON.parse(line) as RunProgress));

  let force: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    force = setTimeout(() => child.kill('SIGKILL'), TO_STOP_MS);
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<RunnerEnd>((resolve) => {
      child.on('error', (error) => resolve({ code: null, signal: null, said: error.message }));
      child.on('close', (code, by) => resolve({ code, signal: by, said: said.replace(/^he300: /, '') }));
    });
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(force);
  }
}

/** The runner asks a model server and nobody else: it gets none of the host's credentials. */
function environment(apiKey: Secret | null): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return { ...Object.fromEntries(own), ...(apiKey ? { [API_KEY_VARIABLE]: apiKey.reveal() } : {}) };
}
