/** What the first page shows. */
import type { Overview } from '../../api/overview';
import type { Db } from './database';
import { latestModels } from './models';
import { runPageOf } from './runs';

const MOST_SHOWN = 20;

export async function overviewOf(db: Db): Promise<Overview> {
  const [running, latest, states] = await Promise.all([
    runPageOf(db, { state: 'PENDING,RUNNING,LOST', sort: '-createdAt', limit: MOST_SHOWN }),
    latestModels(db, MOST_SHOWN),
    db
      .selectFrom('run')
      .select(['state', (e) => e.fn.countAll().as('count')])
      .groupBy('state')
      .execute(),
  ]);
  return {
    running: [...running.items],
    latest,
    counts: Object.fromEntries(states.map(({ state, count }) => [state, Number(count)])),
  };
}
