/** What the plots of the machines show, one panel below the other. */
import type { TelemetryLine } from '../../contract/telemetry-line';
import { tickText } from '../format';

export interface Series {
  readonly name: string;
  readonly className: string;
  /** Null where nothing was told. */
  readonly of: (line: TelemetryLine) => number | null;
}

export interface Panel {
  readonly title: string;
  /** Least upper end of the axis. */
  readonly most: number;
  readonly format: (value: number) => string;
  readonly series: readonly Series[];
}

const part = (value: number): string => `${Math.round(value * 100)} %`;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

type Gpu = NonNullable<TelemetryLine['gpus']>[number];
type GpuKey = 'smActive' | 'dramActive' | 'tensorActive' | 'powerWatts';

/** Over all GPUs; null unless every one of them tells. */
const ofGpus =
  (key: GpuKey, combine: (values: readonly number[]) => number): Series['of'] =>
  ({ gpus }) => {
    const values = (gpus ?? []).flatMap((gpu: Gpu) => (gpu[key] === null ? [] : [gpu[key]]));
    return values.length === 0 || values.length < gpus!.length ? null : combine(values);
  };
const mean = (values: readonly number[]): number => sum(values) / values.length;

export const PANELS: readonly Panel[] = [
  {
    title: 'GPU activity',
    most: 1,
    format: part,
    series: [
      { name: 'SM', className: 'curve', of: ofGpus('smActive', mean) },
      { name: 'DRAM', className: 'curve second', of: ofGpus('dramActive', mean) },
      { name: 'tensor pipe', className: 'curve third', of: ofGpus('tensorActive', mean) },
    ],
  },
  {
    title: 'GPU power, W',
    most: 0,
    format: tickText,
    series: [{ name: 'all GPUs', className: 'curve', of: ofGpus('powerWatts', sum) }],
  },
  {
    title: 'Requests in the server',
    most: 0,
    format: tickText,
    series: [
      { name: 'worked on', className: 'curve', of: ({ server }) => server?.running ?? null },
      { name: 'waiting', className: 'curve second', of: ({ server }) => server?.waiting ?? null },
    ],
  },
  {
    title: 'Processors of the runner’s machine',
    most: 1,
    format: part,
    series: [
      { name: 'all, whoever used them', className: 'curve', of: ({ host }) => host?.cpu ?? null },
      { name: 'the runner, of one core', className: 'curve second', of: ({ client }) => client?.cpu ?? null },
    ],
  },
];
