/** Models, their trends, and the overview. */
import { exampleEvents } from '@he300/benchmark/contract/examples';
import { modelList, overview, trend } from '../../../api/overview';
import type { Store } from '../database';
import { addCompleteRun, addSamples, minute, pendingRun, runningRun } from '../filled';
import { leaderboard } from '../models';
import { overviewOf } from '../overview';
import { trendOf } from '../trends';

export function modelsContract(store: () => Store): void {
  test('a model that nobody ran has no trend, and an empty store no models', async () => {
    expect(await trendOf(store().db, { model: 'none', spec: '1.0', limit: 30 })).toEqual({
      model: 'none',
      points: [],
    });
    expect(await leaderboard(store().db)).toEqual([]);
    expect(await overviewOf(store().db)).toEqual({ running: [], latest: [], counts: {} });
  });

  test('the highest lower bound leads, by the latest whole run of each', async () => {
    const { db } = store();
    await addCompleteRun(db, 'dev-a', { model: 'good', low95: 0.9, high95: 0.95, ended_at: minute(1) });
    await addCompleteRun(db, 'dev-b', { model: 'fair', low95: 0.7, ended_at: minute(2) });
    await addCompleteRun(db, 'dev-c', { model: 'good', low95: 0.8, ended_at: minute(3) });
    await addCompleteRun(db, 'dev-d', { model: 'part', low95: 0.1, ended_at: minute(4), whole: 0 });
    await addCompleteRun(db, 'dev-e', { model: 'good', low95: 0.6, ended_at: minute(5), spec: '1.1' });
    const all = modelList.parse({ items: await leaderboard(db) }).items;
    expect(all.map(({ model, runs: complete, latest }) => [model, complete, latest.runId])).toEqual([
      ['fair', 1, 'dev-b'],
      ['good', 3, 'dev-e'],
      ['part', 1, 'dev-d'],
    ]);
    expect(all[0]!.categories).toMatchObject([{ category: 'virtue', scenarios: 300 }]);
    const one = await leaderboard(db, '1.0');
    expect(one.map(({ model, latest }) => [model, latest.runId])).toEqual([
      ['good', 'dev-c'],
      ['fair', 'dev-b'],
      ['part', 'dev-d'],
    ]);
  });

  test('the overview shows what runs, what ran last, and counts all', async () => {
    const { db } = store();
    await addCompleteRun(db, 'dev-a', { model: 'old', ended_at: minute(1) });
    await addCompleteRun(db, 'dev-b', { model: 'new', ended_at: minute(2) });
    await db
      .insertInto('run')
      .values([runningRun('dev-c'), pendingRun('dev-d', { state: 'LOST', created_at: minute(1) })])
      .execute();
    const seen = overview.parse(await overviewOf(db));
    expect(seen.running.map(({ runId }) => runId)).toEqual(['dev-d', 'dev-c']);
    expect(seen.latest.map(({ model }) => model)).toEqual(['new', 'old']);
    expect(seen.counts).toEqual({ COMPLETED: 2, RUNNING: 1, LOST: 1 });
  });

  test('a regression is what the paired test finds, adjusted over all points', async () => {
    const { db } = store();
    const marks = ['+'.repeat(40), `${'+'.repeat(39)}-`, '-'.repeat(40), ''];
    for (const [i, each] of marks.entries()) {
      await addCompleteRun(db, `dev-${i}`, { ended_at: minute(i) });
      await addSamples(db, `dev-${i}`, each);
    }
    await addCompleteRun(db, 'dev-part', { ended_at: minute(9), whole: 0 });
    const model = exampleEvents['run.started'].model.name;
    const { points } = trend.parse(await trendOf(db, { model, spec: '1.0', limit: 30 }));
    expect(
      points.map(({ run, sincePrevious, regression }) => [
        run.runId,
        sincePrevious?.verdict ?? null,
        regression,
      ]),
    ).toEqual([
      ['dev-0', null, false],
      ['dev-1', 'tied', false],
      ['dev-2', 'worse', true],
      ['dev-3', null, false],
    ]);
    const { pValue, adjustedPValue } = points[2]!.sincePrevious!;
    expect(adjustedPValue).toBeCloseTo(2 * pValue, 15);
    const newest = await trendOf(db, { model, spec: '1.0', limit: 2 });
    expect(newest.points.map(({ run }) => run.runId)).toEqual(['dev-2', 'dev-3']);
  });
}
