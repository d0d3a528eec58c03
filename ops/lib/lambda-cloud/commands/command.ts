/** The frame of `npm run lambda`'s commands: their key, and failures of the API in one line. */
import {
  LambdaCloudError,
  LambdaCloudUnavailable,
} from '../../../../constructs/lifetime/reaper/clouds/lambda-cloud-client';
import { loadEnvironment } from '../../../../environments';
import { namesOf } from '../../../../constructs/naming/names';
import {
  CliError,
  execute,
  runCli,
  type CliMain,
  type CliOption,
  type CliOut,
  type CliSpec,
  type CliStreams,
} from '../../cli';
import { LambdaCloudApi } from '../api';
import { hostIdentity, type HostIdentity } from '../host';

type Options = Readonly<Record<string, CliOption>>;

export interface Command {
  /** As the script's body. */
  run(): void;
  /** The same with the outside world passed in; resolves to the exit code. */
  execute(argv: readonly string[], io: CliStreams): Promise<number>;
}

/** The script's first argument is the command's own name. */
export function command<const O extends Options>(given: CliSpec<O>, body: CliMain<O>): Command {
  const spec = { ...given, positionals: ['<command>', ...(given.positionals ?? [])] };
  const main: CliMain<O> = async ({ values, positionals: [, ...positionals] }, out) => {
    try {
      return await body({ values, positionals }, out);
    } catch (error) {
      throw explained(error);
    }
  };
  return { run: () => runCli(spec, main), execute: (argv, io) => execute(spec, main, argv, io) };
}

function explained(error: unknown): unknown {
  if (error instanceof LambdaCloudError)
    return new CliError(error.detail ? `${error.message}: ${error.detail}` : error.message);
  return error instanceof LambdaCloudUnavailable ? new CliError(error.message) : error;
}

/** @throws CliError without a key: it comes from the environment only, where neither `ps` nor a log shows it */
export function openApi(): LambdaCloudApi {
  const key = process.env.LAMBDA_CLOUD_API_KEY;
  if (!key) throw new CliError('LAMBDA_CLOUD_API_KEY is not set; allowed: an API key of Lambda Cloud');
  return new LambdaCloudApi({ apiKey: async () => key });
}

/** Aborts at Ctrl-C, and lets the script finish what `work` then still has to do. */
export function interruptible<T>(out: CliOut, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const running = work(controller.signal);
  out.onInterrupt(async () => {
    controller.abort(new CliError('interrupted'));
    await running.catch(() => undefined);
  });
  return running;
}

export const PREFIX_OPTION = {
  prefix: {
    type: 'string',
    value: 'PREFIX',
    help: 'instead of <env>: <namespace>-<environment> as the host was tagged, for an environment that has changed since',
  },
} as const;

/** A day, which is the longest that a run may take. */
export const MAX_DEADLINE_MINUTES = 1440;

/** The host of an environment, or of what was one. */
export function identityOf(environment: string | undefined, prefix: string | undefined): HostIdentity {
  if ((environment === undefined) === (prefix === undefined))
    throw new CliError('allowed: either an environment or --prefix; see --help', 2);
  if (prefix === undefined) return hostIdentity(namesOf(loadEnvironment(environment!)).prefix);
  if (/^[a-z][a-z0-9-]*$/.test(prefix)) return hostIdentity(prefix);
  throw new CliError(`--prefix: '${prefix}'; allowed: <namespace>-<environment>, such as he300-dev`, 2);
}

/** @throws CliError unless the text is a number from `min` to `max` */
export function numberOption(
  name: string,
  text: string | undefined,
  min: number,
  max: number,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw new CliError(`--${name}: '${text}'; allowed: ${min} to ${max}`, 2);
}
