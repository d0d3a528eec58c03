/** The frame that every script in ops/ runs in: arguments, help, JSON, exit codes, Ctrl-C. */
import { parseArgs } from 'node:util';
import { EnvironmentError } from '../../environments/check';

export interface CliOption {
  readonly type: 'string' | 'boolean';
  /** One line for --help. */
  readonly help: string;
  /** Placeholder of a string option in --help, such as `N`. */
  readonly value?: string;
  readonly short?: string;
  readonly multiple?: boolean;
  readonly default?: string | boolean | string[];
}

type CliOptions = Readonly<Record<string, CliOption>>;

export interface CliSpec<O extends CliOptions> {
  /** Short name that starts every message, such as `cost`. */
  readonly name: string;
  readonly summary: string;
  /** How a person calls it, such as `npm run cost -- <env> [options]`. */
  readonly usage: string;
  readonly options?: O;
  /** Names in order: `<env>` must be given, `[env]` may be. */
  readonly positionals?: readonly string[];
}

export interface CliArgs<O extends CliOptions> {
  readonly values: ReturnType<typeof parseArgs<{ options: O }>>['values'];
  readonly positionals: readonly string[];
}

export interface CliOut {
  readonly json: boolean;
  /** A line of the result for people: stdout, left out with --json. */
  print(line: string): void;
  /** The result for programs: with --json one line of JSON on stdout, else nothing. Call it once, last. */
  result(value: unknown): void;
  /** A line about work in progress: always stderr. */
  progress(line: string): void;
  /** Registers what Ctrl-C must finish before the script exits with 130. A second Ctrl-C does not wait. */
  onInterrupt(cleanup: () => void | Promise<void>): void;
}

/** The body of a script. Returns its exit code; nothing means 0. */
export type CliMain<O extends CliOptions> = (args: CliArgs<O>, out: CliOut) => Promise<number | void>;

/** A failure that the person can act on: printed as one line, `name: message`, without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

const EXIT_USAGE = 2;
/** EX_SOFTWARE of sysexits: a fault of ours. */
const EXIT_BUG = 70;
const EXIT_INTERRUPTED = 130;

const COMMON = {
  help: { type: 'boolean', short: 'h', help: 'print this help' },
  json: { type: 'boolean', help: 'print the result as one line of JSON on stdout' },
} as const satisfies CliOptions;

/** Runs a script on the process's own arguments and sets the process's exit code. */
export function runCli<const O extends CliOptions>(spec: CliSpec<O>, main: CliMain<O>): void {
  const cleanups: (() => void | Promise<void>)[] = [];
  let interrupted = false;
  process.on('SIGINT', () => {
    if (interrupted) process.exit(EXIT_INTERRUPTED);
    interrupted = true;
    void Promise.allSettled(cleanups.map(async (cleanup) => cleanup())).then(() =>
      process.exit(EXIT_INTERRUPTED),
    );
  });
  const io: CliStreams = {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    onInterrupt: (cleanup) => void cleanups.push(cleanup),
  };
  void execute(spec, main, process.argv.slice(2), io).then((code) => (process.exitCode = code));
}

export interface CliStreams {
  stdout(text: string): void;
  stderr(text: string): void;
  onInterrupt(cleanup: () => void | Promise<void>): void;
}

/** The same as runCli with the outside world passed in. Never throws; resolves to the exit code. */
export async function execute<const O extends CliOptions>(
  spec: CliSpec<O>,
  main: CliMain<O>,
  argv: readonly string[],
  io: CliStreams,
): Promise<number> {
  try {
    const { values, positionals } = parse(spec, argv);
    if (values['help'] === true) {
      io.stdout(helpText(spec));
      return 0;
    }
    checkPositionals(spec, positionals);
    const json = values['json'] === true;
    const out: CliOut = {
      json,
      print: (line) => void (json || io.stdout(`${line}\n`)),
      result: (value) => void (json && io.stdout(`${JSON.stringify(value)}\n`)),
      progress: (line) => io.stderr(`${line}\n`),
      onInterrupt: io.onInterrupt,
    };
    return (await main({ values: values as CliArgs<O>['values'], positionals }, out)) ?? 0;
  } catch (error) {
    return report(spec.name, error, io);
  }
}

function parse(spec: CliSpec<CliOptions>, argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: { ...spec.options, ...COMMON }, allowPositionals: true });
  } catch (error) {
    // node:util follows its reason with advice about `--`, which is noise here.
    const reason = (error as Error).message.split(/\. |\n/)[0] ?? '';
    throw usageError(reason.charAt(0).toLowerCase() + reason.slice(1));
  }
}

function checkPositionals({ positionals: names = [] }: CliSpec<CliOptions>, given: readonly string[]): void {
  const missing = names.slice(given.length).find((name) => name.startsWith('<'));
  if (missing) throw usageError(`missing argument ${missing}`);
  if (given.length > names.length) throw usageError(`unexpected argument '${given[names.length]}'`);
}

const usageError = (what: string): CliError => new CliError(`${what}; see --help`, EXIT_USAGE);

function report(name: string, error: unknown, io: CliStreams): number {
  if (error instanceof CliError || error instanceof EnvironmentError) {
    for (const line of error.message.split('\n')) io.stderr(`${name}: ${line}\n`);
    return error instanceof CliError ? error.exitCode : 1;
  }
  io.stderr(`${name}: unexpected error\n${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT_BUG;
}

function helpText({ name, summary, usage, options }: CliSpec<CliOptions>): string {
  const rows = Object.entries<CliOption>({ ...options, ...COMMON }).map(([long, option]) => {
    const short = option.short ? `-${option.short}, ` : '';
    const value = option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : '';
    const preset = typeof option.default === 'string' ? ` (default ${option.default})` : '';
    return [`${short}--${long}${value}`, `${option.help}${preset}`] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  const lines = rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
  return `${name}: ${summary}\n\nusage: ${usage}\n\noptions:\n${lines.join('\n')}\n`;
}
