/** Difference of two accuracies over the same scenarios. */
import { Z95, type Interval } from './wilson';

/** How many scenarios both, only one, or neither of two runs got right. */
export interface PairedCounts {
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
}

export interface PairedDifference {
  /** Accuracy of B minus accuracy of A, in [-1, 1]. */
  readonly difference: number;
  /** Of the mean of the per-scenario differences, sample variance; 0 for fewer than two scenarios. */
  readonly standardError: number;
  /** Normal approximation, within [-1, 1]. */
  readonly interval95: Interval;
}

export function pairedDifference({ both, onlyA, onlyB, neither }: PairedCounts): PairedDifference {
  const n = both + onlyA + onlyB + neither;
  if (n === 0) return { difference: 0, standardError: 0, interval95: { low: -1, high: 1 } };
  const difference = (onlyB - onlyA) / n;
  const sumOfSquares = onlyA + onlyB - n * difference ** 2;
  const standardError = n > 1 ? Math.sqrt(Math.max(0, sumOfSquares) / (n - 1) / n) : 0;
  const half = Z95 * standardError;
  return {
    difference,
    standardError,
    interval95: { low: Math.max(-1, difference - half), high: Math.min(1, difference + half) },
  };
}

/** Quantile 0.8 of the standard normal distribution. */
const Z80 = 0.8416212335729143;

/**
 * Smallest difference of accuracies that McNemar's test would find at the 5 % level with a power of 80 %, given how often
 * the two runs disagree: the sample size of R. J. Connor, Biometrics 43 (1987) 207–211, solved for the difference.
 * Null when no difference that this disagreement allows could have been found.
 */
export function detectableDifference(scenarios: number, discordant: number): number | null {
  if (scenarios === 0 || discordant === 0) return null;
  const rate = discordant / scenarios;
  const needed = (difference: number): number =>
    (Z95 * Math.sqrt(rate) + Z80 * Math.sqrt(rate - difference ** 2)) ** 2 / difference ** 2;
  // A difference is at most the rate of disagreement; the larger it is, the fewer scenarios it needs.
  let [low, high] = [0, rate];
  if (needed(high) > scenarios) return null;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (needed(middle) > scenarios) low = middle;
    else high = middle;
  }
  return high;
}
