/** Whether the runner itself was what was slow. */
import type { Telemetry } from '../../contract/telemetry';
import { type Findings, joined, NOTHING, percent, said, unknown, warned } from './findings';

/** How busy the runner was while it measured. */
export interface ClientLoad {
  /** CPU time by time passed: 1 is one core. */
  readonly cpu: number;
  /** Delay of the event loop, 99th percentile. */
  readonly loopDelayP99Ms: number;
}

/** The runner has one event loop. Above this part of a core it may be what is slow. */
export const CLIENT_BUSY = 0.9;

/** HE-300's short answers take some tens of milliseconds at least. */
const LOOP_LATE_MS = 20;

const HOST_BUSY = 0.9;

export const loadOf = (client: Telemetry['client']): ClientLoad | null =>
  client && { cpu: client.cpu.mean, loopDelayP99Ms: client.loopDelayMs.p99 };

export function clientFindings(client: ClientLoad | null, host: Telemetry['host']): Findings {
  const machine =
    host && host.cpu.mean >= HOST_BUSY
      ? said(`the processors of the runner’s machine were ${percent(host.cpu.mean)} busy`)
      : NOTHING;
  if (!client)
    return joined(
      machine,
      unknown('whether the runner itself was what was slow: the model ran in it, or nobody looked'),
    );
  const { cpu, loopDelayP99Ms } = client;
  const room = cpu < CLIENT_BUSY ? 'had time left' : 'had no time left';
  const late = loopDelayP99Ms.toFixed(0);
  return joined(
    said(
      `client: ${percent(cpu)} of a core, event loop late by at most ${loopDelayP99Ms.toFixed(1)} ms (p99): it ${room}`,
    ),
    machine,
    loopDelayP99Ms >= LOOP_LATE_MS
      ? warned(`latencies hold up to ${late} ms of the runner’s own delay (event loop, p99)`)
      : NOTHING,
  );
}
