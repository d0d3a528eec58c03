/** What was seen of the machines, in the order and under the names in which the report of a run shows it too. */
import type { GpuTelemetry, Spread, Telemetry } from '@he300/benchmark/contract';
import { amount, decimals, percent } from '../../lib/format';

export interface MachineRow {
  readonly name: string;
  readonly mean: string;
  readonly p95: string;
  readonly max: string;
}

type Format = (value: number) => string;

const unit =
  (name: string): Format =>
  (value) =>
    `${amount(value)}\u00a0${name}`;

/** From the GPUs to the runner; without what nothing told. */
export const machineRows = ({ client, host, server, gpus }: Telemetry): MachineRow[] => [
  ...(gpus ?? []).flatMap(gpuRows),
  ...row(`${server?.kind}: worked on`, server?.running, amount),
  ...row(`${server?.kind}: waiting`, server?.waiting, amount),
  ...row(`${server?.kind}: memory for keys and values`, server?.kvCache, percent),
  ...row('Host: CPU', host?.cpu, percent),
  ...row('Host: memory', host?.memory, percent),
  ...row('Runner: cores', client?.cpu, (value) => decimals(value, 2)),
  ...row('Runner: memory', client?.memoryMib, unit('MiB')),
];

function gpuRows({ index, ...gpu }: GpuTelemetry): MachineRow[] {
  const of = (what: string, values: Spread | null, format: Format) =>
    row(`GPU ${index}: ${what}`, values, format);
  return [
    ...of('SM active', gpu.smActive, percent),
    ...of('DRAM active', gpu.dramActive, percent),
    ...of('tensor pipe active', gpu.tensorActive, percent),
    ...of('any kernel running', gpu.utilization, percent),
    ...of('memory', gpu.memoryMib, unit('MiB')),
    ...of('power', gpu.powerWatts, unit('W')),
    ...of('SM clock', gpu.smClockMhz, unit('MHz')),
    ...of('memory clock', gpu.memoryClockMhz, unit('MHz')),
    ...of('temperature', gpu.temperatureC, unit('°C')),
  ];
}

const row = (name: string, values: Spread | null | undefined, format: Format): MachineRow[] =>
  values ? [{ name, mean: format(values.mean), p95: format(values.p95), max: format(values.max) }] : [];

/** What no row shows: how late the runner was, and why clocks were held down. */
export const machineNotes = ({ client, gpus }: Telemetry): string[] => [
  ...(client
    ? [
        `Runner: event loop late by ${decimals(client.loopDelayMs.p50, 1)} ms (p50), ${decimals(client.loopDelayMs.p99, 1)} ms (p99), ${decimals(client.loopDelayMs.max, 1)} ms (max).`,
      ]
    : []),
  ...(gpus ?? []).flatMap(({ index, throttled }) =>
    (throttled ?? []).map(
      ({ reason, part }) => `GPU ${index}: clocks held down in ${percent(part)} of the time: ${reason}.`,
    ),
  ),
];
