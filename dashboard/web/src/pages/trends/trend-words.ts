/** What a trend says in a sentence. */
import type { Trend } from '../../../../api/overview';
import { plural } from '../../lib/format';

type Point = Pick<Trend['points'][number], 'sincePrevious' | 'regression'> & {
  readonly run: { readonly runId: string };
};

export function regressionSentence(points: readonly Point[]): string {
  const compared = points.filter(({ sincePrevious }) => sincePrevious !== null);
  const last = points.findLast(({ regression }) => regression);
  if (last) return `The latest is ${last.run.runId}.`;
  if (compared.length === 0)
    return points.length < 2
      ? 'One run is no trend yet.'
      : 'No two runs that follow one another could be compared.';
  return `${plural(compared.length, 'run')} compared with the one before.`;
}
