/** Fewer points of a long series: a plot shows no more than its pixels. */

/** When, and how much; null where nothing was told. */
export type Point = readonly [at: number, value: number | null];

const MOST_POINTS = 500;

/** The mean of each of at most 500 stretches of equally many points; of a short series every point. */
export function thinned(points: readonly Point[]): Point[] {
  const size = Math.ceil(points.length / MOST_POINTS);
  if (size <= 1) return [...points];
  return Array.from({ length: Math.ceil(points.length / size) }, (_, i): Point => {
    const stretch = points.slice(i * size, (i + 1) * size);
    const known = stretch.flatMap(([, value]) => (value === null ? [] : [value]));
    const at = stretch.reduce((sum, [time]) => sum + time, 0) / stretch.length;
    return [at, known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length];
  });
}
