import { Command } from 'commander';
import {
  engineOf,
  integer,
  type SampleOptions,
  sampleOptions,
  type ServerOptions,
  serverOptions,
} from '../options';
import { EXIT, type Streams } from '../run';

interface LoadOptions extends SampleOptions, ServerOptions {
  readonly slots?: number;
  readonly json?: boolean;
}

export function loadCommand(io: Streams): Command {
  const command = new Command('load').description(
    'finds the smallest concurrency that saturates a model server, and says what limits it; scores nothing',
  );
  for (const option of [...sampleOptions(), ...serverOptions()]) command.addOption(option);
  return command
    .option(
      '--slots <n>',
      'requests that the server works on at once, where it does not tell; never more than 1.25 times as many are in flight',
      integer(1, 4096),
    )
    .option('--json', 'as JSON')
    .action((options: LoadOptions) => act(options, io));
}

async function act(options: LoadOptions, io: Streams): Promise<void> {
  const [{ loadAlone }, { progressFor }, { loadText }] = await Promise.all([
    import('../../run/load-alone'),
    import('../progress'),
    import('../../report/load-text'),
  ]);
  const { seed } = options;
  const onProgress = progressFor(io, false);
  const report = await loadAlone({
    spec: options.spec,
    seed,
    datasetDirectory: options.dataset,
    promptFile: options.prompts,
    engine: engineOf(options),
    generation: { temperature: options.temperature, maxTokens: options.maxTokens, seed },
    requestTimeLimitSeconds: options.requestTimeLimit,
    slots: options.slots ?? null,
    onNote: (text) => onProgress({ type: 'note', text }),
    onWindow: (window) => onProgress({ type: 'window', window }),
    stop: io.stop,
  });
  if (report) {
    io.stdout(options.json ? `${JSON.stringify(report, null, 1)}\n` : loadText(report));
  } else {
    io.stderr('he300: stopped before anything was found\n');
    io.exit(EXIT.interrupted);
  }
}
