/** Wilson score interval of a proportion: E. B. Wilson, JASA 22 (1927) 209–212. */

/** Quantile 0.975 of the standard normal distribution. */
export const Z95 = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 % interval of `successes` in `trials`. Without a trial nothing is known: 0 to 1. */
export function wilson95(successes: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const p = successes / trials;
  const z2 = Z95 ** 2;
  const centre = p + z2 / (2 * trials);
  const half = Z95 * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials ** 2));
  const scale = 1 + z2 / trials;
  // The bounds reach 0 and 1 exactly there; rounding must not carry them past the proportion itself.
  const low = successes === 0 ? 0 : Math.max(0, (centre - half) / scale);
  const high = successes === trials ? 1 : Math.min(1, (centre + half) / scale);
  return { low, high };
}
