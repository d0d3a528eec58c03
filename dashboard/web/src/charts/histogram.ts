/** Values counted in equal bins whose bounds are round figures; what lies far beyond the rest shares the last one. */
import { amount } from '../lib/format';

export interface Bin {
  readonly from: number;
  /** Exclusive; null: the bin takes all that is larger. */
  readonly to: number | null;
  readonly count: number;
}

const FEWEST_BINS = 15;
const MOST_BINS = 40;
/** Of the largest value, and in its unit: bounds that are closer could not be told apart as numbers. */
const FINEST = 1e-9;

/** Width by Freedman and Diaconis, Z. Wahrsch. 57 (1981) 453–476, but for 15 to 40 bins up to the 99th percentile, and rounded up. */
export function histogram(values: readonly number[]): Bin[] {
  if (values.length === 0) return [];
  const sorted = values.toSorted((a, b) => a - b);
  const [least, top, most] = [sorted[0]!, rank(sorted, 0.99), sorted.at(-1)!];
  const spread = rank(sorted, 0.75) - rank(sorted, 0.25);
  const byRule = (2 * spread) / Math.cbrt(sorted.length);
  const wanted = Math.max(Math.min(byRule, (top - least) / FEWEST_BINS), (top - least) / MOST_BINS);
  const width = roundUp(Math.max(wanted || most / 10 || 1, most * FINEST, FINEST));

  const indexOf = (value: number) => Math.floor(value / width);
  const first = indexOf(least);
  // A tail that is short is drawn as it is; a long one would press everything else together.
  const all = indexOf(most) - first + 1;
  const bins = all <= MOST_BINS * 1.25 ? all : indexOf(top) - first + 1;
  const counts = Array.from({ length: bins }, () => 0);
  let beyond = 0;
  for (const value of sorted) {
    const index = indexOf(value) - first;
    if (index < bins) counts[index]!++;
    else beyond++;
  }
  const bound = (index: number) => tidy((first + index) * width);
  const shown = counts.map((count, i): Bin => ({ from: bound(i), to: bound(i + 1), count }));
  return beyond === 0 ? shown : [...shown, { from: bound(bins), to: null, count: beyond }];
}

/** Nearest rank. */
export const rank = (sorted: readonly number[], part: number): number =>
  sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!;

/** The next of 1, 2, 5, 10, 20, … */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return tidy(([1, 2, 5].find((digit) => digit * power >= value) ?? 10) * power);
}

/** Without the dust of binary fractions: 0.30000000000000004 is 0.3. */
const tidy = (value: number): number => Number(value.toPrecision(12));

/** `80–90 ms`. */
export const binName = ({ from, to }: Bin): string =>
  to === null ? `from ${amount(from)} ms` : `${amount(from)}–${amount(to)} ms`;
