/** The last phase: whatever happened, and whatever happens here, the host ends. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { setTimeout as delay } from 'node:timers/promises';
import { AwsError } from '../aws/client';
import { terminateInstance } from '../aws/ec2';
import { endMarkerKey, eventsKey, artifactKey } from '../continuity/layout';
import type { Host } from '../host';
import type { HostRun } from '../host-run';
import { STOPPED_BY, type Failure, type LifeState } from '../life/machine';
import type { ArtifactFile } from '../report/artifacts';
import { tellEnd, upload } from './report';

/** @param stopped is given when the host must end at once, also one that is kept */
export async function off(host: Host, state: LifeState, stopped: AbortSignal): Promise<void> {
  const { log, options } = host;
  if (options.keep && state.stop === null && !stopped.aborted) {
    log.info('the host is kept until its limit');
    await new Promise((resolve) => stopped.addEventListener('abort', resolve, { once: true }));
  }
  const budgetMs = state.stop === null ? LAST_WORDS_MS.inPeace : LAST_WORDS_MS.inHaste;
  // A store that takes a call and never answers keeps no host up.
  await within(budgetMs + UNHEARD_MS, lastWords(host, state, AbortSignal.timeout(budgetMs)));
  host.over.abort();
  await within(GIVE_BACK_LIMIT_MS, giveBack(host));
  await within(TERMINATE_LIMIT_MS, terminate(host));
  await powerOff(host);
}

/** A store that is gone is waited for two minutes: who delivers late finds the events there. */
const LAST_WORDS_MS = { inPeace: 120_000, inHaste: 20_000 };
/** For a dashboard that has had its patience already. */
const ONCE_MORE_MS = 5_000;
/** A store of secrets that does not answer keeps no host up: what it gave ends by itself. */
const GIVE_BACK_LIMIT_MS = 5_000;
const TERMINATE_LIMIT_MS = 60_000;
/** After the last words, for a call that is under way. */
const UNHEARD_MS = 10_000;

/** How long the way out of a host that must go takes at most. */
export const IN_HASTE_MOST_MS = LAST_WORDS_MS.inHaste + UNHEARD_MS + GIVE_BACK_LIMIT_MS + TERMINATE_LIMIT_MS;

const within = (ms: number, action: Promise<void>): Promise<void> =>
  Promise.race([action, delay(ms, undefined, { ref: false })]);

async function lastWords(host: Host, state: LifeState, patience: AbortSignal): Promise<void> {
  const say = (what: string, action: () => void | Promise<void>) => said(host, what, action, patience);
  const onceMore = AbortSignal.timeout(ONCE_MORE_MS);
  await say('ends', () => tellUnheardEnds(host, state));
  await say('events', async () => {
    await host.reporter?.drained(onceMore);
    await host.reporter?.stop();
  });
  for (const hostRun of host.runs) await say('kept events', () => keepEvents(host, hostRun));
  await say('log', () => keepLog(host, onceMore));
  await say('end marker', () => markEnd(host, state));
}

/** One thing that cannot be said must not keep back the next. */
async function said(
  { log }: Host,
  what: string,
  action: () => void | Promise<void>,
  patience: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      const passes = error instanceof AwsError && (error.status === undefined || error.status >= 500);
      if (!passes || patience.aborted)
        return log.error('the host leaves without its last words', { what, error });
    }
    await delay(1_000, undefined, { signal: patience }).catch(() => undefined);
  }
}

/** Of the runs whose turn never came, and of those of a host that failed as a whole. */
function tellUnheardEnds(host: Host, { stop, failure }: LifeState): void {
  const cause = stop === null ? 'the host ended before the run’s turn' : STOPPED_BY[stop];
  const unheard: Failure = { phase: 'off', cause, interrupted: stop !== null };
  for (const hostRun of host.runs)
    if (!hostRun.isSettled && !hostRun.events.isOver) tellEnd(host, hostRun, failure ?? unheard);
}

/** What the dashboard did not get can be delivered from there: ids, bodies and the run's signatures stand in it. */
async function keepEvents({ store, outbox }: Host, { runId, session }: HostRun): Promise<void> {
  const lines = outbox
    .of(runId)
    .map(({ id, type, seq, fate, body, runSignature }) =>
      JSON.stringify({ id, type, seq, fate, body, runSignature }),
    );
  await store.put(eventsKey(runId, session), lines.map((line) => `${line}\n`).join(''), 'application/jsonl');
}

/** Of the host, and so the same for each of its runs: under the first. */
async function keepLog(host: Host, patience: AbortSignal): Promise<void> {
  const [hostRun] = host.runs;
  const body = gzipSync(readFileSync(join(host.options.state, 'host.log.jsonl')));
  const name = `host-${hostRun?.session ?? 0}.log.jsonl.gz`;
  const file: ArtifactFile = { kind: 'log', name, contentType: 'application/gzip', body };
  if (hostRun) await upload(host, hostRun, [file], patience);
  else await host.store.put(artifactKey(ownRunId(host), name), body, file.contentType);
}

const ownRunId = (host: Host): string => `${host.config.environment}-${host.get('identity').instanceId}`;

async function markEnd(host: Host, { failure, stop }: LifeState): Promise<void> {
  const { config, store } = host;
  const marker = { at: new Date().toISOString(), failure, stop, runs: host.runs.map(({ runId }) => runId) };
  const key = endMarkerKey(config.environment, host.get('identity').instanceId);
  await store.put(key, `${JSON.stringify(marker)}\n`, 'application/json');
}

/** After the last event: who is asked for the key again can still read it until then. */
async function giveBack({ found, log }: Host): Promise<void> {
  try {
    await found.source?.end();
  } catch (error) {
    log.error('the host leaves something of its secrets behind', { error });
  }
}

const TERMINATE_ATTEMPTS = 3;

/** On AWS; elsewhere the power-off, the reaper and the cloud's owner do it. */
async function terminate({ config, client, found, log }: Host): Promise<void> {
  const { identity } = found;
  if (config.cloud !== 'aws' || !identity) return;
  for (let attempt = 1; attempt <= TERMINATE_ATTEMPTS; attempt++) {
    try {
      await terminateInstance(client, identity.region ?? config.homeRegion, identity.instanceId);
      return log.info('the host is being terminated');
    } catch (error) {
      log.error('the host could not terminate itself', { error, attempt });
      await delay(1_000 * attempt);
    }
  }
}

/** Also after it was terminated: shutting down is then a second cause of the same end. */
async function powerOff({ run, log, options }: Host): Promise<void> {
  log.info('power off', { kept: options.keep });
  const { code, stderr } = await run('systemctl', '--no-block', 'poweroff');
  if (code !== 0) log.error('the power could not be switched off', { stderr });
}
