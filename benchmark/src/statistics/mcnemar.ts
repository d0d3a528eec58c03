/** Exact McNemar test of paired outcomes: Q. McNemar, Psychometrika 12 (1947) 153–157, with the binomial distribution. */

/**
 * Two-sided p-value that `onlyA` and `onlyB` discordant pairs come from a fair coin.
 * Summed in logarithms, so that thousands of pairs neither overflow nor vanish.
 */
export function mcnemarExact(onlyA: number, onlyB: number): number {
  const n = onlyA + onlyB;
  const k = Math.min(onlyA, onlyB);
  let logTerm = -n * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log((n - i + 1) / i);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}
