/** The phase that tells how a run ended: its artifacts first, so that who reads of the end finds them. */
import { hash } from 'node:crypto';
import type { Host } from '../host';
import type { HostRun } from '../host-run';
import type { Failure, LifeState, StopReason } from '../life/machine';
import { artifactsIn, uploadArtifacts, type ArtifactFile } from '../report/artifacts';

/** Kept back for the way out when the host's time is over. */
const WAY_OUT_MS = 60_000;
/** The cloud takes a spot host back two minutes after its notice; systemd waits 100 s for a service that it stops. */
const MOST_PATIENCE_MS: Readonly<Record<StopReason, number>> = {
  'time-limit': Number.POSITIVE_INFINITY,
  'spot-notice': 45_000,
  signal: 30_000,
};
const LEAST_PATIENCE_MS = 5_000;

export async function report(
  host: Host,
  hostRun: HostRun,
  { failure, stop }: LifeState,
  signal: AbortSignal,
): Promise<void> {
  if (hostRun.isSettled) return;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs(host, stop))]);
  const isComplete = hostRun.results() !== undefined;
  if (isComplete) await writeReport(host, hostRun);
  // What is not complete must not take the name of what a later host may complete.
  const prefix = isComplete ? '' : `partial-${hostRun.session}-`;
  const files = artifactsIn(hostRun.directory).map((file) => ({ ...file, name: `${prefix}${file.name}` }));
  const missing = await upload(host, hostRun, files, patience);
  if (missing.length > 0) host.log.error('artifacts did not get everywhere', { missing });
  tellEnd(host, hostRun, failure);
  if ((await host.reporter?.drained(patience)) === false)
    host.log.error('the dashboard did not get every event');
}

function patienceMs(host: Host, stop: StopReason | null): number {
  const mostMs = stop === null ? Number.POSITIVE_INFINITY : MOST_PATIENCE_MS[stop];
  const wantedMs = Math.min(host.options.reportPatienceSeconds * 1000, mostMs, host.leftMs() - WAY_OUT_MS);
  return Math.max(LEAST_PATIENCE_MS, wantedMs);
}

/** By the runner itself, in a process of its own. */
async function writeReport({ options, run, log }: Host, { directory }: HostRun): Promise<void> {
  const { code, stderr } = await run(...options.program, 'report', directory);
  if (code !== 0) log.warn('there is no report', { why: stderr.trim().split('\n').at(-1) });
}

/** Returns the names of what did not get everywhere. */
export function upload(
  { store, log, config, found }: Host,
  { runId }: HostRun,
  files: readonly ArtifactFile[],
  signal: AbortSignal,
): Promise<string[]> {
  const { dashboardUrl: url } = config;
  const token = found.secrets?.dashboardToken ?? null;
  const dashboard = url === null || token === null ? null : { url, token };
  return uploadArtifacts(files, { runId, store, log, dashboard, signal });
}

export function tellEnd(host: Host, hostRun: HostRun, failure: Failure | null): void {
  const complete = hostRun.results();
  const plan = hostRun.plan();
  // One that was started anew after the run's end has told nothing of it yet; one that continues a run may have failed
  // before it came to that. Only who has said that the run is his can say how it ended.
  if (plan && (complete || hostRun.isResumed)) hostRun.events.started(plan, host.config.environment);
  if (complete) {
    const sha256 = hash('sha256', complete.bytes);
    hostRun.events.completed(complete.results, sha256);
  } else if (failure) {
    hostRun.events.failed(failure, host.log.tail(4_000), hostRun.scoredPart());
  }
}
