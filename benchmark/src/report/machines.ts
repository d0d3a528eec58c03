/** What was seen of the machines, in the order and under the names in which reports show it. */
import type { GpuTelemetry, Spread, Telemetry } from '../contract/telemetry';
import { amount, decimals, percent } from './format';

export interface MachineRow {
  readonly name: string;
  readonly mean: string;
  readonly p95: string;
  readonly max: string;
}

/** From the GPUs to the runner; without what nothing told. */
export function machineRows({ client, host, server, gpus }: Telemetry): MachineRow[] {
  return [
    ...(gpus ?? []).flatMap(gpuRows),
    ...(server
      ? [
          ...row(`${server.kind}, working on`, server.running, amount),
          ...row(`${server.kind}, waiting`, server.waiting, amount),
          ...row(`${server.kind}, KV cache`, server.kvCache, percent),
        ]
      : []),
    ...row('host, CPU', host?.cpu ?? null, percent),
    ...row('host, memory', host?.memory ?? null, percent),
    ...row('runner, cores', client?.cpu ?? null, (value) => decimals(value, 2)),
    ...row('runner, memory', client?.memoryMib ?? null, unit('MiB')),
  ];
}

function gpuRows({ index, ...gpu }: GpuTelemetry): MachineRow[] {
  const of = (what: string, values: Spread | null, format: (value: number) => string): MachineRow[] =>
    row(`GPU ${index}, ${what}`, values, format);
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

const row = (name: string, values: Spread | null, format: (value: number) => string): MachineRow[] =>
  values ? [{ name, mean: format(values.mean), p95: format(values.p95), max: format(values.max) }] : [];

const unit =
  (name: string) =>
  (value: number): string =>
    `${amount(value)} ${name}`;

export function machineNotes({ client, gpus }: Telemetry): string[] {
  const loop = client
    ? [
        `runner, event loop late by ${decimals(client.loopDelayMs.p50, 1)} ms (p50), ${decimals(client.loopDelayMs.p99, 1)} ms (p99), ${decimals(client.loopDelayMs.max, 1)} ms (max)`,
      ]
    : [];
  const throttled = (gpus ?? []).flatMap(({ index, throttled }) =>
    (throttled ?? []).map(
      ({ reason, part }) => `GPU ${index}, clocks held down in ${percent(part)} of the time: ${reason}`,
    ),
  );
  return [...loop, ...throttled];
}
