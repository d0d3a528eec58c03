/** The list of runs: filters, orders, and pages that stay where they are while new runs come in. */
import { sql } from 'kysely';
import * as z from 'zod';
import type { Page } from '../../api/primitives';
import type { RunQuery, RunSummary } from '../../api/run';
import { readCursor, writeCursor } from './cursor';
import type { Db } from './database';
import { summariesOf } from './run-summary';
import type { RunTable } from './tables';

type RunFilters = Omit<RunQuery, 'limit' | 'cursor' | 'sort'>;

const COLUMN = {
  createdAt: 'created_at',
  endedAt: 'ended_at',
  accuracy: 'accuracy',
  costUsd: 'cost_usd',
  requestsPerSecond: 'requests_per_second',
  model: 'model',
} as const satisfies Record<string, keyof RunTable>;

const TEXTS: readonly string[] = ['created_at', 'ended_at', 'model'];

/**
 * A page by keyset: it asks for what follows the last row of the page before, so that it neither skips nor repeats a run
 * when others come or go.
 * @throws InputError when the cursor is not one of this order
 */
export async function runPageOf(
  db: Db,
  { limit, cursor, sort, ...filters }: RunQuery,
): Promise<Page<RunSummary>> {
  const list = `runs ${sort}`;
  const by = COLUMN[sort.replace('-', '') as keyof typeof COLUMN];
  const place = cursor === undefined ? undefined : placeOf(cursor, list, by);
  const order = { by, direction: sort.startsWith('-') ? 'desc' : 'asc' } as const;
  const rows = await inOrder(db, filters, order, place, limit + 1);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: await summariesOf(
      db,
      shown.map((row) => row.id),
    ),
    nextCursor: last ? writeCursor(list, last.value, last.id) : null,
  };
}

type SortColumn = (typeof COLUMN)[keyof typeof COLUMN];

interface PlacedRow {
  readonly id: string;
  readonly value: string | number | null;
}

function placeOf(cursor: string, list: string, by: SortColumn): PlacedRow {
  const known = TEXTS.includes(by) ? z.string() : z.number();
  const [value, id] = readCursor(cursor, list, z.tuple([known.nullable(), z.string()]));
  return { value, id };
}

/** First those that have what is sorted by, then those that have not: each part is read along an index. */
async function inOrder(
  db: Db,
  filters: RunFilters,
  { by, direction }: { readonly by: SortColumn; readonly direction: 'asc' | 'desc' },
  place: PlacedRow | undefined,
  most: number,
): Promise<PlacedRow[]> {
  const follows = direction === 'desc' ? '<' : '>';
  const base = filtered(db, filters)
    .select(['id', `${by} as value`])
    .orderBy(by, direction)
    .orderBy('id', direction);

  let known: PlacedRow[] = [];
  if (place === undefined || place.value !== null) {
    let query = base.where(by, 'is not', null).limit(most);
    if (place !== undefined)
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple(by, 'id'), follows, tuple(place.value as never, place.id)),
      );
    known = await query.execute();
  }
  if (by === 'created_at' || known.length === most) return known;

  let query = base.where(by, 'is', null).limit(most - known.length);
  if (place !== undefined && place.value === null) query = query.where('id', follows, place.id);
  return [...known, ...(await query.execute())];
}

function filtered(db: Db, { state, q, from, to, trigger, pullRequest, ...others }: RunFilters) {
  const exactly = { ...others, trigger_kind: trigger, pull_request: pullRequest };
  let query = db.selectFrom('run');
  for (const [column, value] of Object.entries(exactly))
    if (value !== undefined) query = query.where(column as keyof typeof exactly, '=', value as never);
  if (state !== undefined) query = query.where('state', 'in', state.split(',') as RunTable['state'][]);
  if (from !== undefined) query = query.where('created_at', '>=', from);
  if (to !== undefined) query = query.where('created_at', '<', to);
  if (q !== undefined && q !== '') query = query.where(contains(['id', 'model', 'branch', 'commit_sha'], q));
  return query;
}

/** Upper and lower case are the same, in ASCII: what both databases agree on. */
function contains(columns: readonly (keyof RunTable)[], part: string) {
  const escaped = part.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()).replace(/[\\%_]/g, '\\$&');
  const each = columns.map(
    (column) => sql<boolean>`lower(${sql.ref(column)}) like ${`%${escaped}%`} escape '\\'`,
  );
  return sql<boolean>`(${sql.join(each, sql` or `)})`;
}

export async function runExists(db: Db, runId: string): Promise<boolean> {
  return (await db.selectFrom('run').select('id').where('id', '=', runId).executeTakeFirst()) !== undefined;
}
