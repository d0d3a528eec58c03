/** Runs that have changed since a time, in the order of their last change. */
import type { RunSummary } from '../../api/run';
import type { Db } from './database';
import { SUMMARY_COLUMNS, summaryOf } from './run-summary';

export interface ChangedRun {
  readonly run: RunSummary;
  readonly changedAt: string;
}

const PAGE = 200;

export async function runsChangedSince(db: Db, since: string): Promise<ChangedRun[]> {
  const changed: ChangedRun[] = [];
  for (let place = { at: since, id: '' }; ;) {
    const rows = await db
      .selectFrom('run')
      .select([...SUMMARY_COLUMNS, 'changed_at'])
      .where(({ eb, refTuple, tuple }) => eb(refTuple('changed_at', 'id'), '>', tuple(place.at, place.id)))
      .orderBy('changed_at')
      .orderBy('id')
      .limit(PAGE)
      .execute();
    changed.push(...rows.map((row) => ({ run: summaryOf(row), changedAt: row.changed_at })));
    if (rows.length < PAGE) return changed;
    const last = rows.at(-1)!;
    place = { at: last.changed_at, id: last.id };
  }
}
