import { setTimeout as delay } from 'node:timers/promises';
import { VaultError } from '../benchmark/src/vault';
import { loadEnvironment } from '../environments';
import { CliError, runCli, type CliOut } from './lib/cli';
import type { RotationContext } from './lib/rotation/engine';
import type { Kind } from './lib/rotation/kind';
import { checkKindName, kindOf, kindsIn } from './lib/rotation/kinds';
import { planLines, reportLine } from './lib/rotation/lines';
import { ALERT_URL, alertUrlIn, noticeOf, sendNotice } from './lib/rotation/notice';
import { planOf } from './lib/rotation/plan';
import { orFailed, rotateDue, rotateOne, type Report } from './lib/rotation/rotate-all';
import { VaultSecretsOf } from './lib/rotation/secrets';
import { readValue } from './lib/rotation/value';
import { vaultOf, vaultSession } from './lib/vault-login';

const EXIT_NEEDS_PERSON = 3;

runCli(
  {
    name: 'rotate',
    summary:
      'gives secrets in Vault their next values so that nobody who uses them fails, and goes on with what was killed (exit code 3: a person must bring a value)',
    usage:
      'npm run rotate -- <env> <what> [options]\n       npm run rotate -- <env> --due [options]\n\nwhat: webhook, jwt, postgres, redis, api-key/<name>, wireguard/<end>',
    options: {
      due: { type: 'boolean', help: 'whatever is older than its interval, and what is not finished' },
      'dry-run': { type: 'boolean', help: 'only say what would be done' },
      'value-file': {
        type: 'string',
        value: 'FILE',
        help: 'the next value of a key that others issue; - reads it from standard input',
      },
      leaked: {
        type: 'boolean',
        help: 'others know the value so far: it ends at once, also for runs in flight',
      },
      'settle-seconds': {
        type: 'string',
        value: 'N',
        default: '90',
        help: 'how long peers of a tunnel get to see its next key',
      },
    },
    positionals: ['<env>', '[what]'],
  },
  async ({ values, positionals: [name, what] }, out) => {
    const { due = false, leaked = false, 'dry-run': dryRun = false, 'value-file': source } = values;
    if (due !== (what === undefined)) throw new CliError('either <what> or --due; see --help', 2);
    if (due && (leaked || source !== undefined))
      throw new CliError('--due takes neither --leaked nor --value-file; see --help', 2);
    const env = loadEnvironment(name!);
    vaultOf(env);
    if (what !== undefined) checkKindName(what);
    const alertUrl = alertUrlIn(process.env);
    const settleSeconds = secondsOf(values['settle-seconds']);
    const value = source === undefined ? undefined : readValue(source);
    const asked: Asked = { ...{ env, what, value, leaked, settleSeconds }, progress: out.progress };
    if (dryRun) return withKinds(asked, (kinds, context) => plan(kinds, context, !due, out));
    const reports = await orFailed(what ?? '--due', out, () =>
      withKinds(asked, (kinds, context) => (due ? rotateDue(kinds, context) : rotateOne(kinds[0]!, context))),
    );
    return tell(env.name, reports, alertUrl, out);
  },
);

interface Asked extends Pick<RotationContext, 'env' | 'value' | 'leaked' | 'settleSeconds' | 'progress'> {
  /** Undefined: whatever is due. */
  readonly what: string | undefined;
}

/** Logged in for as long as the work takes. @throws CliError */
async function withKinds<T>(
  { what, ...asked }: Asked,
  work: (kinds: readonly Kind[], context: RotationContext) => Promise<T>,
): Promise<T> {
  const { env } = asked;
  const { mount } = vaultOf(env);
  const session = vaultSession(env, 'rotate', process.env);
  const secrets = new VaultSecretsOf({ client: session.client, mount, token: () => session.token() });
  try {
    const kinds = what === undefined ? await kindsIn(env, secrets) : [await kindOf(env, what, secrets)];
    return await work(kinds, {
      ...{ ...asked, secrets, variables: process.env, fetch },
      now: () => new Date(),
      wait: (ms) => delay(ms),
    });
  } catch (error) {
    throw error instanceof VaultError ? new CliError(error.message) : error;
  } finally {
    await session.end();
  }
}

function secondsOf(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new CliError(`--settle-seconds: '${text}'; allowed: 0 to 999`, 2);
}

async function plan(
  kinds: readonly Kind[],
  context: RotationContext,
  asked: boolean,
  out: CliOut,
): Promise<void> {
  const plans = await Promise.all(kinds.map((kind) => planOf(kind, context, asked)));
  for (const line of plans.flatMap(planLines)) out.print(line);
  out.result({ environment: context.env.name, plans });
}

async function tell(
  environment: string,
  reports: readonly Report[],
  alertUrl: URL | undefined,
  out: CliOut,
): Promise<number> {
  for (const report of reports) {
    if (report.did === 'failed') out.progress(`rotate: ${report.what}: ${report.error}`);
    else out.print(reportLine(report));
  }
  const notice = noticeOf(environment, reports);
  // What was rotated is rotated, whoever hears of it.
  const lost = notice && alertUrl ? await sendNotice(alertUrl, notice) : undefined;
  if (lost !== undefined) out.progress(`rotate: the notice to ${ALERT_URL} did not arrive: ${lost}`);
  out.result({ environment, reports });
  if (reports.some(({ did }) => did === 'failed')) return 1;
  return reports.some(({ did }) => did === 'told') ? EXIT_NEEDS_PERSON : 0;
}
