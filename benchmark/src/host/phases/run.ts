/** The phase that scores: `he300 run` beside us, its log on the way to the bucket, its progress on the way to the dashboard. */
import { InputError } from '../../errors';
import type { RunProgress } from '../../run/progress';
import type { Host } from '../host';
import type { HostRun } from '../host-run';
import { ServerWatch } from '../model-server/watch';
import { runRunner } from '../runner-process';
import type { Prepared } from './preflight';

/** @throws Error when the run is not complete */
export async function score(
  host: Host,
  hostRun: HostRun,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<void> {
  if (hostRun.isSettled || hostRun.results()) return;
  const { log, run } = host;
  const server = host.get('server');
  const watch = new ServerWatch({ server, run, log });
  // Before another attempt: what ended the last one may have been the server.
  await watch.answering(signal);

  const uploader = hostRun.uploader();
  const watching = new AbortController();
  const watched = watch.keep(watching.signal);
  uploader.start();
  try {
    const {
      code,
      signal: by,
      said,
    } = await runRunner({
      argv: argvOf(host, hostRun, prepared),
      apiKey: host.get('secrets').modelApiKey,
      ...{ log, signal, program: host.options.program },
      onProgress: (progress) => told(host, hostRun, progress),
    });
    if (hostRun.results()) return;
    if (signal.aborted) throw signal.reason as Error;
    const cause = `the runner ended by ${by ?? `exit code ${code}`}: ${said || 'it said nothing'}`;
    // Nobody makes room: another attempt would end the same way.
    throw /ENOSPC|no space left/.test(said) ? new InputError(cause) : new Error(cause);
  } finally {
    watching.abort();
    await watched;
    await uploader
      .finish()
      .catch((error: unknown) => log.warn('not all of the run is in the bucket', { error }));
  }
}

function argvOf({ config, ...host }: Host, hostRun: HostRun, prepared: Prepared): string[] {
  const { url, engine } = host.found.server!;
  const { directory, runId } = hostRun;
  const where = [
    ...(url === null ? [] : ['--url', url]),
    ...(prepared.datasetDirectory === null ? [] : ['--dataset', prepared.datasetDirectory]),
  ];
  const isBegun = hostRun.plan() !== undefined;
  if (isBegun) return ['run', '--json', '--resume', directory, ...where];
  const { spec, seed, concurrency } = config.run;
  return [
    ...['run', '--json', '--run-id', runId, '--out', directory, ...where],
    ...['--spec', spec, '--seed', String(seed), '--engine', engine, '--model', host.modelName],
    ...(concurrency === null ? [] : ['--concurrency', String(concurrency)]),
    ...['--provenance', prepared.provenanceFile],
  ];
}

function told({ config, log }: Host, { events }: HostRun, progress: RunProgress): void {
  switch (progress.type) {
    case 'begun':
      events.started(progress.plan, config.environment);
      return log.info('the run is under way', { alreadyScored: progress.alreadyScored });
    case 'scored':
      return events.progress('run', progress);
    case 'note':
      return log.info('the runner notes', { text: progress.text });
    case 'window':
      return log.info('a load was tried', { ...progress.window });
    case 'saturation': {
      const { verdict, chosenConcurrency, evidence } = progress.saturation;
      return log.info('the concurrency is found', { verdict, chosenConcurrency, evidence });
    }
    case 'ended':
      return log.info('the run is over', { partial: progress.results.partial });
    default:
      return;
  }
}
