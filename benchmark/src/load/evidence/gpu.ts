/**
 * What the GPU was short of. The thresholds for SM_ACTIVE and DRAM_ACTIVE rest on what NVIDIA says of these counters:
 * https://docs.nvidia.com/datacenter/dcgm/latest/user-guide/feature-overview.html#profiling-metrics
 */
import type { Saturation } from '../../contract/performance';
import type { GpuTelemetry, Telemetry } from '../../contract/telemetry';
import { type Findings, joined, percent, said, unknown, warned } from './findings';

/** About 0.8 is the most that can be reached; three quarters of that leave little to gain. */
const DRAM_MOST = 0.8;
const DRAM_BUSY = 0.6;

/** Our own judgement: NVIDIA names no bound, and whole layers of a language model seldom reach more. */
const TENSOR_BUSY = 0.5;

/** Less is likely to be an ineffective use of the GPU. */
const SM_IDLE = 0.5;

/** Less than this happens to any GPU. */
const THROTTLED_PART = 0.05;

export type Bound = NonNullable<Saturation['bound']>;

export function gpuFindings({ gpus, server }: Pick<Telemetry, 'gpus' | 'server'>): Findings {
  const gpu = busiest(gpus);
  if (!gpu) return unknown('the GPU: none was seen, neither by nvidia-smi nor by a DCGM exporter');
  const counters = countersOf(gpu);
  return joined(
    counters.length === 0 ? withoutDcgm(gpu) : withDcgm(gpu, counters, server),
    warned(...gpus!.flatMap(throttling)),
  );
}

/** What the busiest GPU had no more of; null when of neither, or when DCGM’s counters were not there. */
export function boundOf(gpus: Telemetry['gpus']): Bound | null {
  const gpu = busiest(gpus);
  const dram = gpu?.dramActive?.mean ?? 0;
  const tensor = gpu?.tensorActive?.mean ?? 0;
  if (tensor >= TENSOR_BUSY && tensor >= dram / DRAM_MOST) return 'compute';
  return dram >= DRAM_BUSY ? 'memory-bandwidth' : null;
}

const BOUND_SAID: Readonly<Record<Bound, string>> = {
  'memory-bandwidth': `was short of memory bandwidth: DRAM_ACTIVE hardly goes above ${percent(DRAM_MOST)}`,
  compute: 'was short of compute: its tensor cores were busy',
};

function withDcgm(gpu: GpuTelemetry, counters: readonly string[], server: Telemetry['server']): Findings {
  const { index, smActive } = gpu;
  const bound = boundOf([gpu]);
  const waiting = server?.waiting.mean ?? 0;
  return joined(
    said(`GPU ${index}: ${counters.join(', ')} (mean, DCGM)`),
    ...(bound ? [said(`GPU ${index} ${BOUND_SAID[bound]}`)] : []),
    ...(smActive && smActive.mean < SM_IDLE && waiting >= 1
      ? [said(`GPU ${index} had room, though ${waiting.toFixed(1)} requests waited for the server`)]
      : []),
  );
}

function withoutDcgm({ index, utilization }: GpuTelemetry): Findings {
  const used = utilization ? `; its utilization of ${percent(utilization.mean)} does not tell` : '';
  return joined(
    ...(utilization && utilization.mean < SM_IDLE
      ? [said(`GPU ${index} had nothing to do in ${percent(1 - utilization.mean)} of the time`)]
      : []),
    unknown(`what GPU ${index} was short of: that takes DCGM’s profiling counters${used}`),
  );
}

function countersOf({ smActive, dramActive, tensorActive }: GpuTelemetry): string[] {
  const counters = { SM_ACTIVE: smActive, DRAM_ACTIVE: dramActive, PIPE_TENSOR_ACTIVE: tensorActive };
  return Object.entries(counters).flatMap(([name, spread]) =>
    spread ? [`${name} ${percent(spread.mean)}`] : [],
  );
}

const throttling = ({ index, throttled }: GpuTelemetry): string[] =>
  (throttled ?? [])
    .filter(({ part }) => part >= THROTTLED_PART)
    .map(({ reason, part }) => `GPU ${index}: clocks held down in ${percent(part)} of the time by ${reason}`);

/** The one that works hardest is the one that limits. */
function busiest(gpus: Telemetry['gpus']): GpuTelemetry | undefined {
  const busy = ({ smActive, utilization }: GpuTelemetry): number => (smActive ?? utilization)?.mean ?? 0;
  return gpus?.toSorted((a, b) => busy(b) - busy(a))[0];
}
