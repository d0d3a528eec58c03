/**
 * GPUs by NVIDIA's DCGM exporter, https://github.com/NVIDIA/dcgm-exporter: its profiling counters tell what of a GPU was
 * really busy. Fields: https://docs.nvidia.com/datacenter/dcgm/latest/dcgm-api/dcgm-api-field-ids.html
 *
 * Its tests use a double made from those names: no GPU was at hand. The exporter renews its figures every 30 s by
 * default; only one started with `--collect-interval 1000` tells of single windows of load.
 */
import type { GpuReading } from '../contract/telemetry-line';
import { clockReasons } from './clock-reasons';
import { type Metrics, MetricsPage } from './metrics-page';
import { type Reading, type Source, unknownGpu } from './source';

export const DCGM_URL = new URL('http://127.0.0.1:9400/metrics');

type Field = Exclude<keyof GpuReading, 'index' | 'name' | 'throttleReasons'>;

const FIELDS: Readonly<Record<Field, readonly [name: string, most: number, unit: number]>> = {
  smActive: ['DCGM_FI_PROF_SM_ACTIVE', 1, 1],
  dramActive: ['DCGM_FI_PROF_DRAM_ACTIVE', 1, 1],
  tensorActive: ['DCGM_FI_PROF_PIPE_TENSOR_ACTIVE', 1, 1],
  utilization: ['DCGM_FI_DEV_GPU_UTIL', 100, 0.01],
  memoryMib: ['DCGM_FI_DEV_FB_USED', 1e9, 1],
  powerWatts: ['DCGM_FI_DEV_POWER_USAGE', 1e5, 1],
  smClockMhz: ['DCGM_FI_DEV_SM_CLOCK', 1e6, 1],
  memoryClockMhz: ['DCGM_FI_DEV_MEM_CLOCK', 1e6, 1],
  temperatureC: ['DCGM_FI_DEV_GPU_TEMP', 1e3, 1],
};

/** Newest name first. */
const REASONS = ['DCGM_FI_DEV_CLOCKS_EVENT_REASONS', 'DCGM_FI_DEV_CLOCK_THROTTLE_REASONS'];

const WANTED = new Set([...Object.values(FIELDS).map(([name]) => name), ...REASONS]);

export class Dcgm implements Source {
  private readonly page: MetricsPage;

  constructor(url: URL = DCGM_URL) {
    this.page = new MetricsPage(url, WANTED);
  }

  async read(): Promise<Reading> {
    const metrics = await this.page.read();
    const gpus = metrics ? gpusIn(metrics) : [];
    return gpus.length === 0 ? {} : { gpus };
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

/** By index. Of a GPU that is split into instances, the busiest instance stands for it. */
export function gpusIn(metrics: Metrics): GpuReading[] {
  const gpus = new Map<number, GpuReading>();
  const put = (
    labels: ReadonlyMap<string, string>,
    change: (gpu: GpuReading) => Partial<GpuReading>,
  ): void => {
    const label = labels.get('gpu') ?? '';
    if (!/^\d{1,4}$/.test(label)) return;
    const index = Number(label);
    const gpu = gpus.get(index) ?? { ...unknownGpu(index), name: nameOf(labels.get('modelName')) };
    gpus.set(index, { ...gpu, ...change(gpu) });
  };
  for (const [field, [name, most, unit]] of Object.entries(FIELDS) as [Field, (typeof FIELDS)[Field]][])
    for (const { labels, value } of metrics.get(name) ?? [])
      // What DCGM does not know it fills with a number that is far too large.
      if (value >= 0 && value <= most)
        put(labels, (gpu) => ({ [field]: Math.max(gpu[field] ?? 0, value * unit) }));
  for (const { labels, value } of REASONS.map((name) => metrics.get(name)).find(Boolean) ?? [])
    if (value >= 0 && value < 2 ** 32)
      put(labels, () => ({ throttleReasons: clockReasons(BigInt(Math.trunc(value))).slice() }));
  return [...gpus.values()].sort((a, b) => a.index - b.index);
}

const nameOf = (label: string | undefined): string | null =>
  label !== undefined && /^[\x20-\x7e]{1,100}$/.test(label) ? label : null;
