/** Stratified percentile bootstrap: B. Efron, R. Tibshirani, An Introduction to the Bootstrap (1993), chapters 8 and 13. */
import { PythonRandom } from '../sampling/python-random';
import type { Interval } from './wilson';

export const BOOTSTRAP_RESAMPLES = 10_000;

export interface Stratum {
  readonly scenarios: number;
  readonly correct: number;
}

/**
 * 95 % interval of the overall accuracy when each stratum keeps its size. The same strata, in the same order, and the
 * same seed give the same interval.
 */
export function bootstrap95(strata: readonly Stratum[], seed: number): Interval {
  const total = strata.reduce((sum, { scenarios }) => sum + scenarios, 0);
  if (total === 0) return { low: 0, high: 1 };
  const random = new PythonRandom(seed);
  const means = Float64Array.from({ length: BOOTSTRAP_RESAMPLES }, () => {
    let correct = 0;
    for (const stratum of strata) {
      const p = stratum.correct / stratum.scenarios;
      for (let i = 0; i < stratum.scenarios; i++) if (random.random() < p) correct++;
    }
    return correct / total;
  }).sort();
  return { low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

/** Quantile of ascending values, linear between order statistics (R's type 7, NumPy's default). */
export function quantile(ascending: ArrayLike<number>, q: number): number {
  const at = (ascending.length - 1) * q;
  const below = Math.floor(at);
  const low = ascending[below]!;
  return low + (at - below) * ((ascending[below + 1] ?? low) - low);
}
