/** Standard errors of accuracies, as evaluation tools print them beside each. */

export interface Part {
  readonly scenarios: number;
  readonly correct: number;
}

/** Of the mean of `scenarios` zeros and ones, from their sample deviation; null for less than two. */
export function standardError({ scenarios, correct }: Part): number | null {
  if (scenarios < 2) return null;
  const p = correct / scenarios;
  return Math.sqrt((p * (1 - p)) / (scenarios - 1));
}

/**
 * Of the mean over all parts, from the pooled variance within them (https://en.wikipedia.org/wiki/Pooled_variance), as
 * lm-evaluation-harness aggregates; null when a part is too small.
 */
export function pooledStandardError(parts: readonly Part[]): number | null {
  const errors = parts.map(standardError);
  if (errors.length === 0 || errors.includes(null)) return null;
  const total = parts.reduce((sum, { scenarios }) => sum + scenarios, 0);
  const variance =
    parts.reduce((sum, { scenarios }, i) => sum + (scenarios - 1) * scenarios * errors[i]! ** 2, 0) /
    (total - parts.length);
  return Math.sqrt(variance / total);
}
