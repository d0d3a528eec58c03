/** `he300 host`: lives the whole life of a host, with what watches over it beside. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Phase } from '../contract/event';
import { HEALTH_PORT, type HostConfig } from '../contract/host-config';
import type { HostRun } from './host-run';
import { Host, type HostOptions } from './host';
import { HealthServer } from './health/server';
import { look } from './health/look';
import type { Gauge } from './health/check';
import { Living } from './life/live';
import type { LifeState } from './life/machine';
import { PHASE_RULES } from './life/rules';
import { armHost, identifyHost, readSecrets } from './phases/first';
import { OWN_URL_VARIABLE, prepareModelServer } from './phases/model-server';
import { off } from './phases/off';
import { prepare, type Prepared } from './phases/preflight';
import { report } from './phases/report';
import { score } from './phases/run';
import { serve } from './phases/serve';
import { openTunnel } from './phases/tunnel';

export interface SuperviseOptions extends HostOptions {
  /** Given when the process is told to stop. */
  readonly stop: AbortSignal;
  /** @default HEALTH_PORT */
  readonly healthPort?: number;
}

/** Resolves when the host is being switched off. Nothing that fails keeps it from getting there. */
export async function supervise(config: HostConfig, options: SuperviseOptions): Promise<LifeState> {
  const host = new Host(config, options);
  const onlyServes = config.topology === 'remote-server';
  const rules = {
    ...PHASE_RULES,
    off: { ...PHASE_RULES.off, ...(options.keep ? { timeLimitSeconds: null } : {}) },
  };
  const life = { models: onlyServes ? 1 : config.run.models.length, rules };
  const work = onlyServes ? serverWork(host) : runnerWork(host);
  const living: Living = new Living(life, (state, signal) => work(state, signal, living), host.log);
  const stop = (): void => living.stop('signal');
  if (options.stop.aborted) stop();
  options.stop.addEventListener('abort', stop, { once: true });
  beside(host, living);
  host.health = healthOf(host, options.healthPort ?? HEALTH_PORT);
  await host.tellHealthAt('127.0.0.1');
  try {
    return await living.live();
  } finally {
    host.over.abort();
    host.health.close();
    options.stop.removeEventListener('abort', stop);
  }
}

type Work = (
  state: LifeState & { readonly phase: Phase },
  signal: AbortSignal,
  living: Living,
) => Promise<void>;

function runnerWork(host: Host): Work {
  let prepared: Prepared | undefined;
  return async (state, signal, living) => {
    const hostRun = host.runs[state.model];
    const { models } = host.config.run;
    switch (state.phase) {
      case 'model-server':
        return prepareModelServer(host, models.slice(state.model, state.model + 1), signal);
      case 'preflight':
        prepared = await prepare(host, hostRun!);
        return;
      case 'run':
        return score(host, hostRun!, prepared!, signal);
      case 'report':
        return hostRun && report(host, hostRun, state, signal);
      default:
        return ofTheHost(host, state, signal, living);
    }
  };
}

/** The host at the other end of the tunnel tells of the run; this one has none of its own. */
function serverWork(host: Host): Work {
  return async (state, signal, living) => {
    switch (state.phase) {
      case 'model-server':
        return prepareModelServer(host, host.config.run.models, signal);
      case 'preflight':
      case 'report':
        return;
      case 'run':
        return serve(host, signal);
      default:
        return ofTheHost(host, state, signal, living);
    }
  };
}

async function ofTheHost(
  host: Host,
  state: LifeState & { readonly phase: Phase },
  signal: AbortSignal,
  living: Living,
): Promise<void> {
  switch (state.phase) {
    case 'arm':
      return armHost(host);
    case 'identity':
      return identifyHost(host);
    case 'secrets':
      return readSecrets(host);
    case 'tunnel':
      return openTunnel(host, signal);
    case 'off':
      return off(host, state, living.stopped);
    default:
      return undefined;
  }
}

const TICK_MS = 1_000;
const SPOT_EVERY_MS = 5_000;
/** What `setTimeout` can wait at most. */
const MOST_TIMEOUT_MS = 2 ** 31 - 1;

/** What goes on beside the phases until the host is over. */
function beside(host: Host, living: Living): void {
  const { signal } = host.over;
  const every = async (ms: number, action: () => unknown): Promise<void> => {
    while (!signal.aborted) {
      await delay(Math.min(ms, MOST_TIMEOUT_MS), undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await action();
    }
  };
  void every(TICK_MS, () => {
    const { limits } = host.found;
    if (limits && Date.now() >= Date.parse(limits.stopAt)) living.stop('time-limit');
    currentRun(host, living)?.events.heartbeat(host.phase);
  });
  if (host.config.cloud !== 'aws') return;
  void every(SPOT_EVERY_MS, async () => {
    const action = await host.imds.spotAction().catch(() => undefined);
    if (action === undefined || action.action === 'hibernate') return;
    host.log.warn('the cloud takes the host back', { ...action });
    living.stop('spot-notice');
  });
}

/** The run whose phases the host is in; undefined before it is claimed, and when it is over. */
const currentRun = (host: Host, living: Living): HostRun | undefined => host.runs[living.model];

function healthOf(host: Host, port: number): HealthServer {
  const { config, options, run, outbox } = host;
  const ownUrl = options.env[OWN_URL_VARIABLE];
  return new HealthServer({
    port,
    look: () => look({ config, state: options.state, env: options.env, ownUrl, run }),
    gauges: (): Gauge[] => [
      { name: 'phase', help: 'The phase of the host’s life.', value: 1, labels: { phase: host.phase } },
      {
        name: 'limit_left_seconds',
        help: 'Time until the cloud ends the host.',
        value: host.leftMs() / 1000,
      },
      {
        name: 'events_waiting',
        help: 'Events that the dashboard has not got yet.',
        value: outbox.waitingCount,
      },
    ],
  });
}
