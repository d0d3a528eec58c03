/** What a comparison says, as a sentence, and its figures. */
import type { RunComparison } from '../../../../api/compare';
import { decimals, points } from '../../lib/format';

/** `0.012`; very small ones are not written out as zero. */
export const pValue = (p: number): string => (p < 0.001 ? '< 0.001' : decimals(p, 3));

/** `−1.2 to +4.4 points` of the interval of a difference. */
export const differenceInterval = ({ low, high }: RunComparison['interval95']): string =>
  `${points(low).replace(/\u00a0points$/, '')} to ${points(high)}`;

type Judged = Pick<RunComparison, 'verdict' | 'difference' | 'detectableDifference' | 'counts' | 'scenarios'>;

export function verdictSentence(comparison: Judged): string {
  const { verdict, difference, counts, scenarios, detectableDifference } = comparison;
  const differ = `They differ in ${counts.onlyA + counts.onlyB} of ${scenarios} scenarios`;
  if (verdict !== 'tied')
    return `${verdict === 'better' ? 'Better' : 'Worse'} by ${points(Math.abs(difference)).replace('+', '')}. ${differ}.`;
  const blind =
    detectableDifference === null
      ? ''
      : ` A difference below about ${points(detectableDifference).replace('+', '')} would mostly stay hidden here.`;
  return `No difference was shown. ${differ}.${blind}`;
}
