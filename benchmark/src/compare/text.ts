/** A comparison as text. */
import { percent } from '../report/format';
import type { Comparison } from './compare';

/** So many discordant scenarios are listed; JSON has all. */
const MOST_LISTED = 20;

export function comparisonText(comparisons: readonly Comparison[]): string {
  return comparisons.map(one).join('\n');
}

function one(comparison: Comparison): string {
  const { baseline, candidate, scenarios, counts, verdict, discordant } = comparison;
  const { difference, standardError, interval95, pValue, adjustedPValue } = comparison;
  const lines = [
    `${candidate} against ${baseline}: ${verdict}`,
    `  ${points(difference)} points, 95 % interval ${points(interval95.low)} to ${points(interval95.high)}, standard error ${(standardError * 100).toFixed(1)}`,
    `  ${scenarios} scenarios: ${counts.both} both right, ${counts.onlyA} only ${baseline}, ${counts.onlyB} only ${candidate}, ${counts.neither} neither`,
    `  exact McNemar p ${pValue.toPrecision(2)}, Holm ${adjustedPValue.toPrecision(2)}`,
    `  ${detectable(comparison)}`,
    ...discordant
      .slice(0, MOST_LISTED)
      .map((d) => `  ${d.scenarioId}  expected ${d.expected}: ${d.baseline} → ${d.candidate}`),
    ...(discordant.length > MOST_LISTED
      ? [`  and ${discordant.length - MOST_LISTED} more; --json lists them all`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

const detectable = ({ detectableDifference }: Comparison): string =>
  detectableDifference === null
    ? 'they disagree too seldom for any difference to have been found'
    : `a difference of ${percent(detectableDifference)} would have been found 4 times in 5`;

const points = (value: number): string => `${value > 0 ? '+' : ''}${(value * 100).toFixed(1)}`;
