/** Telemetry as a test needs it: nothing is known but what it names. */
import type { GpuTelemetry, Spread, Telemetry } from '../../contract/telemetry';

export const always = (value: number): Spread => ({ mean: value, p95: value, max: value });

export const NOTHING_SEEN: Telemetry = {
  seconds: 10,
  readings: 10,
  client: null,
  host: null,
  server: null,
  gpus: null,
};

export const client = (cpu: number, loopDelayP99Ms: number): NonNullable<Telemetry['client']> => ({
  cpu: always(cpu),
  loopDelayMs: { p50: 0.1, p99: loopDelayP99Ms, max: loopDelayP99Ms },
  memoryMib: always(100),
});

export const vllm = (
  running: number,
  waiting: number,
  kvCache: number | null = null,
): NonNullable<Telemetry['server']> => ({
  kind: 'vllm',
  running: always(running),
  waiting: always(waiting),
  kvCache: kvCache === null ? null : always(kvCache),
});

type Parts = 'smActive' | 'dramActive' | 'tensorActive' | 'utilization';

export function gpu(
  parts: Partial<Readonly<Record<Parts, number>>>,
  throttled: GpuTelemetry['throttled'] = [],
  index = 0,
): GpuTelemetry {
  const of = (part: Parts): Spread | null => (parts[part] === undefined ? null : always(parts[part]));
  return {
    index,
    name: 'NVIDIA A10G',
    smActive: of('smActive'),
    dramActive: of('dramActive'),
    tensorActive: of('tensorActive'),
    utilization: of('utilization'),
    memoryMib: null,
    powerWatts: null,
    smClockMhz: null,
    memoryClockMhz: null,
    temperatureC: null,
    throttled,
  };
}
