/** What `/metrics` tells, in a registry of its own so that two servers in one process (tests) do not add up. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly requestSeconds: Histogram<'method' | 'route' | 'status'>;
  /** `outcome`: taken, repeated, late, refused, unauthorized, too-large. */
  readonly deliveries: Counter<'outcome'>;
  /** `outcome`: kept, repeated, refused. */
  readonly artifacts: Counter<'outcome'>;
  readonly lostRuns: Counter;
  readonly liveListeners: Gauge;
}

export function newMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'he300_request_seconds',
      help: 'Time to answer a request.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
    deliveries: new Counter({
      name: 'he300_deliveries_total',
      help: 'Events that hosts delivered, by what became of them.',
      labelNames: ['outcome'],
      registers,
    }),
    artifacts: new Counter({
      name: 'he300_artifacts_total',
      help: 'Artifacts that were uploaded, by what became of them.',
      labelNames: ['outcome'],
      registers,
    }),
    lostRuns: new Counter({ name: 'he300_lost_runs_total', help: 'Runs that fell silent.', registers }),
    liveListeners: new Gauge({
      name: 'he300_live_listeners',
      help: 'Pages that listen for changes.',
      registers,
    }),
  };
}
