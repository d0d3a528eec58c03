/** How a model did from run to run. A run is worse than the one before when the paired test says so, not when a figure fell. */
import { compare, holm, SIGNIFICANCE, type Comparison } from '@he300/benchmark/compare';
import type { Trend } from '../../api/overview';
import type { RunSummary } from '../../api/run';
import { refusalOf } from './comparable';
import type { Db } from './database';
import { summariesOf } from './run-summary';
import { outcomesOf, sheetOf } from './sheets';

interface TrendWanted {
  readonly model: string;
  readonly spec: string;
  readonly limit: number;
}

export async function trendOf(db: Db, { model, spec, limit }: TrendWanted): Promise<Trend> {
  const runs = await points(db, { model, spec, limit });
  const sheeted = await Promise.all(runs.map(async (run) => ({ run, sheet: await sheetOf(db, run) })));
  const candidates = sheeted.map(({ sheet }) => ({ name: sheet.runId, outcomes: outcomesOf(sheet) }));
  const pairs = sheeted.map((point, i) => {
    const before = sheeted[i - 1];
    if (!before || refusalOf([before, point], { intersect: true }) !== null) return null;
    return compare(candidates[i - 1]!, [candidates[i]!])[0]!;
  });
  const verdicts = adjusted(pairs);
  return {
    model,
    points: runs.map((run, i) => ({
      run,
      sincePrevious: verdicts[i]!,
      regression: verdicts[i]?.verdict === 'worse',
    })),
  };
}

/** The newest ones, the oldest of them first: whole runs, or complete ones where there is no whole one. */
async function points(db: Db, { model, spec, limit }: TrendWanted): Promise<RunSummary[]> {
  const rows = await db
    .selectFrom('run')
    .select(['id', 'whole'])
    .where('model', '=', model)
    .where('spec', '=', spec)
    .where('state', '=', 'COMPLETED')
    .orderBy('whole', 'desc')
    .orderBy('ended_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  const alike = rows.filter(({ whole }) => whole === rows[0]!.whole);
  return summariesOf(db, alike.map(({ id }) => id).reverse());
}

type SincePrevious = Trend['points'][number]['sincePrevious'];

/** Many points are many tests: by Holm's adjustment one false alarm in all of them has a chance of 5 %. */
function adjusted(pairs: readonly (Comparison | null)[]): SincePrevious[] {
  const tested = pairs.filter((pair) => pair !== null);
  const pValues = holm(tested.map(({ pValue }) => pValue));
  return pairs.map((pair) => {
    if (!pair) return null;
    const adjustedPValue = pValues[tested.indexOf(pair)]!;
    const { pValue, scenarios, difference } = pair;
    const verdict = adjustedPValue >= SIGNIFICANCE ? 'tied' : difference > 0 ? 'better' : 'worse';
    return { verdict, pValue, adjustedPValue, scenarios };
  });
}
