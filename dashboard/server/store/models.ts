/** Models by their latest complete run, found through the table `model`: nothing here looks at all runs. */
import type { ModelRow } from '../../api/overview';
import type { RunSummary } from '../../api/run';
import { inBatches } from './batches';
import type { Db } from './database';
import { categoryScoreOf } from './run-detail';
import { summariesOf } from './run-summary';

/** The highest lower bound of the interval first. */
export async function leaderboard(db: Db, spec?: string): Promise<ModelRow[]> {
  const models = await knownModels(db, spec);
  const bound = ({ latest }: KnownModel) => latest.outcome?.wilson95.low ?? 0;
  return withCategories(
    db,
    models.sort((a, b) => bound(b) - bound(a) || compareText(a.model, b.model)),
  );
}

/** The model that ran last first. */
export async function latestModels(db: Db, most: number): Promise<ModelRow[]> {
  const models = await knownModels(db);
  const newest = models.sort((a, b) => compareText(b.latest.endedAt ?? '', a.latest.endedAt ?? ''));
  return withCategories(db, newest.slice(0, most));
}

type KnownModel = Omit<ModelRow, 'categories'>;

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

async function knownModels(db: Db, spec?: string): Promise<KnownModel[]> {
  let query = db
    .selectFrom('model')
    .select(['name', 'complete_runs', 'latest_run_id'])
    // Where no run is whole, one that is not still tells something.
    .select((e) =>
      e
        .case()
        .when('latest_run_id', 'is', null)
        .then(
          e
            .selectFrom('run')
            .select('run.id')
            .whereRef('run.model', '=', 'model.name')
            .whereRef('run.spec', '=', 'model.spec')
            .where('run.state', '=', 'COMPLETED')
            .orderBy('run.whole', 'desc')
            .orderBy('run.ended_at', 'desc')
            .orderBy('run.id', 'desc')
            .limit(1),
        )
        .end()
        .as('other_run_id'),
    );
  if (spec !== undefined) query = query.where('spec', '=', spec);
  const rows = await query.execute();
  const ids = rows.flatMap((row) => row.latest_run_id ?? row.other_run_id ?? []);
  const runs = new Map((await summariesOf(db, ids)).map((run) => [run.runId, run]));

  const models = new Map<string, KnownModel & { readonly whole: boolean }>();
  for (const { name, complete_runs, latest_run_id, other_run_id } of rows) {
    const latest = runs.get(latest_run_id ?? other_run_id ?? '');
    const before = models.get(name);
    const seen = (before?.runs ?? 0) + complete_runs;
    if (!latest) continue;
    const one = { model: name, runs: seen, latest, whole: latest_run_id !== null };
    models.set(name, before && !isBetter(one, before) ? { ...before, runs: seen } : one);
  }
  return [...models.values()].map(({ model, runs: complete, latest }) => ({ model, runs: complete, latest }));
}

/** A model that was run by several specifications shows one run: whole ones first, then the newest. */
const isBetter = (a: Shown, b: Shown): boolean =>
  a.whole === b.whole ? (a.latest.endedAt ?? '') > (b.latest.endedAt ?? '') : a.whole;

interface Shown {
  readonly whole: boolean;
  readonly latest: RunSummary;
}

async function withCategories(db: Db, models: readonly KnownModel[]): Promise<ModelRow[]> {
  const ids = models.map(({ latest }) => latest.runId);
  const rows = await inBatches(ids, (batch) =>
    db.selectFrom('category_result').selectAll().where('run_id', 'in', batch).orderBy('category').execute(),
  );
  const byRun = new Map<string, ModelRow['categories']>();
  for (const row of rows) {
    const { category, scenarios, correct, accuracy, wilson95, majorityBaseline } = categoryScoreOf(row);
    const cells = byRun.get(row.run_id) ?? [];
    cells.push({ category, scenarios, correct, accuracy, wilson95, majorityBaseline });
    byRun.set(row.run_id, cells);
  }
  return models.map((model) => ({ ...model, categories: byRun.get(model.latest.runId) ?? [] }));
}
