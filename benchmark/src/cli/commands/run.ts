import { Command } from 'commander';
import { join } from 'node:path';
import {
  decimal,
  engineOf,
  integer,
  type SampleOptions,
  sampleOptions,
  type ServerOptions,
  serverOptions,
} from '../options';
import { EXIT, type Streams } from '../run';

interface RunCommandOptions extends SampleOptions, ServerOptions {
  readonly limit?: number;
  readonly concurrency?: number;
  readonly rescore: number;
  readonly judgeUrl?: string;
  readonly judgeModel?: string;
  readonly judgeConcurrency: number;
  readonly sloFirstTokenMs?: number;
  readonly sloEndToEndMs?: number;
  readonly usdPerHour?: number;
  readonly provenance?: string;
  readonly runId?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly json?: boolean;
}

/** What is not part of the plan: servers and datasets may have moved meanwhile. */
const WITH_RESUME: ReadonlySet<string> = new Set(['resume', 'url', 'judgeUrl', 'dataset', 'json']);

export function runCommand(io: Streams): Command {
  const command = new Command('run').description(
    'saturates a model server, scores it on HE-300, and signs the result',
  );
  for (const option of sampleOptions()) command.addOption(option);
  for (const option of serverOptions()) command.addOption(option);
  return command
    .option('--limit <n>', 'only the first scenarios of the sample; not comparable', integer(1, 300))
    .option(
      '--concurrency <n>',
      'requests in flight; without it the best number is searched',
      integer(1, 4096),
    )
    .option('--rescore <part>', 'part of the scenarios asked again, one at a time', decimal(0, 1), 0.1)
    .option('--judge-url <url>', 'address of a second model, OpenAI-compatible, that reads the answers too')
    .option('--judge-model <name>', 'that model; what it says is reported and changes no score')
    .option('--judge-concurrency <n>', 'requests in flight to the judge', integer(1, 1024), 4)
    .option('--slo-first-token-ms <ms>', 'objective for goodput: first token', decimal(0, 3_600_000))
    .option('--slo-end-to-end-ms <ms>', 'objective for goodput: whole answer', decimal(0, 3_600_000))
    .option('--usd-per-hour <usd>', 'price of the host, for the cost', decimal(0, 1_000))
    .option('--provenance <file>', 'what asked for the run, its host and price, as the supervisor writes it')
    .option('--run-id <id>', 'id of the run')
    .option('--out <dir>', 'directory of the run (default: he300-runs/<run id>)')
    .option('--resume <dir>', 'go on with the run in this directory, as it was planned')
    .option('--json', 'progress as JSON lines on standard output')
    .action((options: RunCommandOptions) => act(options, command, io));
}

async function act(options: RunCommandOptions, command: Command, io: Streams): Promise<void> {
  const [{ begin, resume }, { newRunId }, { run }, { progressFor }, { textReport }, { verify }] =
    await Promise.all([
      import('../../run/begin'),
      import('../../run/plan'),
      import('../../run/run'),
      import('../progress'),
      import('../../report/text'),
      import('../../run/verify'),
    ]);
  const { resume: resumed, runId = newRunId(), url } = options;
  const given = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  const planned = command.options.find((option) => {
    const name = option.attributeName();
    return given(name) && !WITH_RESUME.has(name);
  });
  if (resumed !== undefined && planned)
    command.error(
      `error: ${planned.long} with --resume, where the plan says it; allowed: --url, --judge-url, --dataset, --json`,
      { exitCode: EXIT.usage },
    );
  if (resumed === undefined && (options.judgeUrl === undefined) !== (options.judgeModel === undefined))
    command.error('error: --judge-url and --judge-model go together', { exitCode: EXIT.usage });
  const provenance =
    options.provenance === undefined
      ? undefined
      : (await import('../../run/provenance-file')).readProvenance(options.provenance);
  const begun =
    resumed !== undefined
      ? await resume(resumed, {
          ...(url === undefined ? {} : { url }),
          ...(options.judgeUrl === undefined ? {} : { judgeUrl: options.judgeUrl }),
          ...(given('dataset') ? { datasetDirectory: options.dataset } : {}),
        })
      : await begin({
          runId,
          directory: options.out ?? join('he300-runs', runId),
          spec: options.spec,
          seed: options.seed,
          datasetDirectory: options.dataset,
          limit: options.limit,
          promptFile: options.prompts,
          engine: engineOf(options),
          generation: { temperature: options.temperature, maxTokens: options.maxTokens, seed: options.seed },
          concurrency: options.concurrency ?? null,
          rescoreFraction: options.rescore,
          requestTimeLimitSeconds: options.requestTimeLimit,
          objective: { firstTokenMs: options.sloFirstTokenMs, endToEndMs: options.sloEndToEndMs },
          judge: judgeOf(options),
          provenance,
          price: provenance?.price ?? {
            usdPerHour: options.usdPerHour ?? null,
            capUsd: null,
            timeLimitMinutes: null,
          },
        });

  const onProgress = progressFor(io, options.json === true);
  for (const text of begun.notes) onProgress({ type: 'note', text });
  try {
    const results = await run({ ...begun, onProgress, stop: io.stop });
    // What stands on the disk is what is shown, and it is checked as anybody would check it.
    if (!options.json) io.stdout(textReport(verify(begun.directory.path)));
    if (!options.json) io.stdout(`in ${begun.directory.path}\n`);
    if (results.partial) io.exit(EXIT.interrupted);
  } finally {
    await Promise.all([begun.engine.close(), begun.judge?.close()]);
  }
}

const judgeOf = ({ judgeUrl: url, judgeModel: model, judgeConcurrency: concurrency }: RunCommandOptions) =>
  url === undefined || model === undefined ? undefined : { url, model, concurrency };
