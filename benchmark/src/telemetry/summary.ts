/** Many looks in a few figures. A look counts by the time that it stands for. */
import type { GpuTelemetry, Spread, Telemetry } from '../contract/telemetry';
import type { GpuReading } from '../contract/telemetry-line';
import type { Look } from './sampler';

type LoopDelay = NonNullable<Telemetry['client']>['loopDelayMs'];

interface Weighed {
  readonly value: number;
  readonly weight: number;
}

export function summaryOf(looks: readonly Look[], seconds: number, loopDelayMs: LoopDelay): Telemetry {
  return {
    seconds: rounded(seconds),
    readings: looks.length,
    client: clientOf(looks, loopDelayMs),
    host: hostOf(looks),
    server: serverOf(looks),
    gpus: gpusOf(looks),
  };
}

function clientOf(looks: readonly Look[], loopDelayMs: LoopDelay): Telemetry['client'] {
  const cpu = spreadOf(looks, ({ client }) => client?.cpu);
  const memoryMib = spreadOf(looks, ({ client }) => client?.memoryMib);
  if (!cpu || !memoryMib) return null;
  const { p50, p99, max } = loopDelayMs;
  return { cpu, loopDelayMs: { p50: rounded(p50), p99: rounded(p99), max: rounded(max) }, memoryMib };
}

function hostOf(looks: readonly Look[]): Telemetry['host'] {
  const cpu = spreadOf(looks, ({ host }) => host?.cpu);
  const memory = spreadOf(looks, ({ host }) => host?.memory);
  return cpu && memory && { cpu, memory };
}

function serverOf(looks: readonly Look[]): Telemetry['server'] {
  const kind = looks.findLast(({ reading }) => reading.server)?.reading.server?.kind;
  const running = spreadOf(looks, ({ server }) => server?.running);
  const waiting = spreadOf(looks, ({ server }) => server?.waiting);
  if (!kind || !running || !waiting) return null;
  return { kind, running, waiting, kvCache: spreadOf(looks, ({ server }) => server?.kvCache) };
}

function gpusOf(looks: readonly Look[]): Telemetry['gpus'] {
  const indices = new Set(looks.flatMap(({ reading }) => reading.gpus?.map(({ index }) => index) ?? []));
  return indices.size === 0 ? null : [...indices].sort((a, b) => a - b).map((index) => gpuOf(looks, index));
}

function gpuOf(looks: readonly Look[], index: number): GpuTelemetry {
  const of = ({ gpus }: Look['reading']): GpuReading | undefined => gpus?.find((gpu) => gpu.index === index);
  const spread = (field: Exclude<keyof GpuReading, 'name' | 'throttleReasons'>): Spread | null =>
    spreadOf(looks, (reading) => of(reading)?.[field]);
  return {
    index,
    name: looks.map(({ reading }) => of(reading)?.name).findLast((name) => typeof name === 'string') ?? null,
    smActive: spread('smActive'),
    dramActive: spread('dramActive'),
    tensorActive: spread('tensorActive'),
    utilization: spread('utilization'),
    memoryMib: spread('memoryMib'),
    powerWatts: spread('powerWatts'),
    smClockMhz: spread('smClockMhz'),
    memoryClockMhz: spread('memoryClockMhz'),
    temperatureC: spread('temperatureC'),
    throttled: throttledOf(looks, of),
  };
}

function throttledOf(
  looks: readonly Look[],
  of: (reading: Look['reading']) => GpuReading | undefined,
): GpuTelemetry['throttled'] {
  const told = looks.flatMap((look) => {
    const reasons = of(look.reading)?.throttleReasons;
    return reasons ? [{ reasons, weight: weightOf(look) }] : [];
  });
  if (told.length === 0) return null;
  const all = sum(told.map(({ weight }) => weight));
  return [...new Set(told.flatMap(({ reasons }) => reasons))].sort().map((reason) => {
    const held = told.filter(({ reasons }) => reasons.includes(reason));
    return { reason, part: Math.min(1, rounded(sum(held.map(({ weight }) => weight)) / all)) };
  });
}

/** Null when no look has the value. */
function spreadOf(
  looks: readonly Look[],
  value: (reading: Look['reading']) => number | null | undefined,
): Spread | null {
  const weighed = looks.flatMap((look): Weighed[] => {
    const found = value(look.reading);
    return typeof found === 'number' ? [{ value: found, weight: weightOf(look) }] : [];
  });
  return weighed.length === 0 ? null : spread(weighed);
}

/** The 95th percentile is the smallest value that at least 95 % of the time did not exceed. */
export function spread(weighed: readonly Weighed[]): Spread {
  const ascending = [...weighed].sort((a, b) => a.value - b.value);
  const all = sum(ascending.map(({ weight }) => weight));
  let below = 0;
  const p95 = ascending.find(({ weight }) => (below += weight) >= all * 0.95 * (1 - Number.EPSILON * 8));
  const max = ascending.at(-1)!.value;
  const mean = sum(ascending.map(({ value, weight }) => value * weight)) / all;
  return {
    mean: rounded(Math.min(mean, max)),
    p95: rounded((p95 ?? ascending.at(-1)!).value),
    max: rounded(max),
  };
}

/** Two looks may follow one another within the clock's resolution. */
const weightOf = ({ seconds }: Look): number => Math.max(seconds, 1e-6);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** No figure here is known to more than five digits. */
const rounded = (value: number): number => Number(value.toPrecision(5));
