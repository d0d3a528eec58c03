/** Where the bars of a run's phases lie: a row a phase, as a part of the whole time. */
import type { RunDetail } from '../../../api/run';

type Phase = RunDetail['phases'][number];

export interface TimelineBar {
  readonly from: string;
  readonly to: string | null;
  /** Of the whole time, 0 to 1. */
  readonly left: number;
  readonly width: number;
  readonly seconds: number;
}

export interface TimelineRow {
  readonly phase: Phase['phase'];
  /** Several when another host went on with the run. */
  readonly bars: readonly TimelineBar[];
  readonly seconds: number;
}

export interface Timeline {
  readonly rows: readonly TimelineRow[];
  readonly seconds: number;
}

/** @param until Milliseconds since 1970 at which a phase that goes on is cut off. */
export function timeline(phases: readonly Phase[], until: number): Timeline {
  if (phases.length === 0) return { rows: [], seconds: 0 };
  const end = ({ from, to }: Phase) => Math.max(Date.parse(from), to === null ? until : Date.parse(to));
  const begin = Math.min(...phases.map(({ from }) => Date.parse(from)));
  const whole = Math.max(...phases.map(end)) - begin;
  const bar = (phase: Phase): TimelineBar => {
    const length = end(phase) - Date.parse(phase.from);
    return {
      from: phase.from,
      to: phase.to,
      left: whole === 0 ? 0 : (Date.parse(phase.from) - begin) / whole,
      width: whole === 0 ? 1 : length / whole,
      seconds: length / 1000,
    };
  };
  const rows = [...new Set(phases.map(({ phase }) => phase))].map((phase): TimelineRow => {
    const bars = phases.filter((each) => each.phase === phase).map(bar);
    return { phase, bars, seconds: bars.reduce((sum, { seconds }) => sum + seconds, 0) };
  });
  return { rows, seconds: whole / 1000 };
}
