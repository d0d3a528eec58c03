/** Which plots the telemetry of a run makes: a panel a unit, and none for what nothing told. */
import type { TelemetrySeries } from '../../../api/telemetry';
import { amount, decimals, percent } from '../lib/format';

type Values = readonly (number | null)[];

export interface PanelLine {
  readonly label: string;
  readonly values: Values;
}

export interface Panel {
  readonly title: string;
  readonly unit: 'part' | 'cores' | 'ms' | 'MiB' | 'W' | '°C' | 'requests';
  readonly lines: readonly PanelLine[];
}

/** From the GPUs to the runner. */
export function telemetryPanels({ gpus, server, host, client }: TelemetrySeries): Panel[] {
  const each = (title: string, unit: Panel['unit'], of: (gpu: (typeof gpus)[number]) => Values): Panel => ({
    title,
    unit,
    lines: gpus.map((gpu) => ({ label: `GPU ${gpu.index}`, values: of(gpu) })),
  });
  const activity = gpus.map((gpu): Panel => ({
    title: `GPU ${gpu.index}${gpu.name === null ? '' : `, ${gpu.name}`}: busy`,
    unit: 'part',
    lines: [
      { label: 'SM active', values: gpu.smActive },
      { label: 'DRAM active', values: gpu.dramActive },
      { label: 'Tensor pipe active', values: gpu.tensorActive },
      { label: 'Any kernel running', values: gpu.utilization },
    ],
  }));
  const panels: Panel[] = [
    ...activity,
    each('GPU memory', 'MiB', (gpu) => gpu.memoryMib),
    each('GPU power', 'W', (gpu) => gpu.powerWatts),
    each('GPU temperature', '°C', (gpu) => gpu.temperatureC),
    {
      title: 'Requests in the server',
      unit: 'requests',
      lines: [
        { label: 'Worked on', values: server?.running ?? [] },
        { label: 'Waiting', values: server?.waiting ?? [] },
      ],
    },
    {
      title: 'Memory for keys and values',
      unit: 'part',
      lines: [{ label: 'In use', values: server?.kvCache ?? [] }],
    },
    {
      title: 'Host',
      unit: 'part',
      lines: [
        { label: 'CPU', values: host.cpu },
        { label: 'Memory', values: host.memory },
      ],
    },
    { title: 'Runner: CPU', unit: 'cores', lines: [{ label: 'In use', values: client.cpu }] },
    {
      title: 'Runner: event loop late by, 99th percentile',
      unit: 'ms',
      lines: [{ label: 'Late by', values: client.loopDelayP99Ms }],
    },
    { title: 'Runner: memory', unit: 'MiB', lines: [{ label: 'Resident', values: client.memoryMib }] },
  ];
  const told = (line: PanelLine) => line.values.some((value) => value !== null);
  return panels
    .map((panel) => ({ ...panel, lines: panel.lines.filter(told) }))
    .filter(({ lines }) => lines.length > 0);
}

export interface Stretch {
  readonly during: string;
  readonly from: number;
  readonly to: number;
}

/** What the run did, and from when to when, in seconds. */
export function stretches({ seconds, during }: Pick<TelemetrySeries, 'seconds' | 'during'>): Stretch[] {
  const found: Stretch[] = [];
  for (const [i, from] of seconds.entries()) {
    const what = during[i] ?? null;
    const last = found.at(-1);
    const goesOn = i > 0 && what !== null && what === during[i - 1];
    if (goesOn && last) found[found.length - 1] = { ...last, to: from };
    else if (what !== null) found.push({ during: what, from: i > 0 ? seconds[i - 1]! : from, to: from });
  }
  return found;
}

/** Index of the reading next to a time. */
export function nearest(seconds: readonly number[], at: number): number {
  const after = seconds.findIndex((each) => each >= at);
  if (after === -1) return seconds.length - 1;
  return after > 0 && at - seconds[after - 1]! < seconds[after]! - at ? after - 1 : after;
}

export function inUnit(value: number | null | undefined, unit: Panel['unit']): string {
  if (value === null || value === undefined) return '–';
  if (unit === 'part') return percent(value);
  return `${unit === 'cores' ? decimals(value, 2) : amount(value)}\u00a0${unit}`;
}
