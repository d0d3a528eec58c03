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

/** Bounds of the plot: the bands and the baselines with a margin, in steps of five points. */
export function trendDomain(rows: readonly TrendRow[]): [number, number] {
  if (rows.length === 0) return [0, 1];
  const low = Math.min(...rows.map(({ band, baseline }) => Math.min(band[0], baseline)));
  const high = Math.max(...rows.map(({ band, baseline }) => Math.max(band[1], baseline)));
  const [STEPS, MARGIN] = [20, 0.3];
  return [
    Math.max(0, Math.floor(low * STEPS - MARGIN) / STEPS),
    Math.min(1, Math.ceil(high * STEPS + MARGIN) / STEPS),
  ];
}
