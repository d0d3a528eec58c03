/** The runs of a model as points over time. */
import type { Trend } from '../../../api/overview';

export type TrendPoint = Trend['points'][number];

export interface TrendRow {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly accuracy: number;
  readonly band: readonly [low: number, high: number];
  readonly baseline: number;
  readonly point: TrendPoint;
}

/** A run without an outcome has no place in a plot. */
export const trendRows = (points: readonly TrendPoint[]): TrendRow[] =>
  points.flatMap((point): TrendRow[] => {
    const { outcome, endedAt, createdAt } = point.run;
    if (!outcome) return [];
    const { accuracy, wilson95, majorityBaseline } = outcome;
    return [
      {
        at: Date.parse(endedAt ?? createdAt),
        accuracy,
        band: [wilson95.low, wilson95.high],
        baseline: majorityBaseline,
        point,
      },
    ];
  });

/** Ticks of the plot, the outer ones its bounds: round the bands and the baselines, in steps of 5 points, or of 10 where that is much. */
export function trendTicks(rows: readonly TrendRow[]): number[] {
  const low = Math.min(1, ...rows.map(({ band, baseline }) => Math.min(band[0], baseline)));
  const high = Math.max(0, ...rows.map(({ band, baseline }) => Math.max(band[1], baseline)));
  const step = high - low > 0.4 ? 10 : 5;
  const [first, last] = [Math.floor((low * 100) / step), Math.ceil((high * 100) / step)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ((first + i) * step) / 100);
}
