/** The events of a run as they were delivered. */
import * as z from 'zod';
import type { RunEventPage } from '../../api/run';
import { readCursor, writeCursor } from './cursor';
import type { Db } from './database';

const LIST = 'events';

interface PageWanted {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** In the order of their numbers. @throws InputError when the cursor is none of this list */
export async function runEventPageOf(
  db: Db,
  runId: string,
  { limit, cursor }: PageWanted,
): Promise<RunEventPage> {
  let query = db
    .selectFrom('event')
    .select(['seq', 'delivery_id', 'type', 'at', 'received_at', 'body'])
    .where('run_id', '=', runId)
    .orderBy('seq')
    .orderBy('delivery_id')
    .limit(limit + 1);
  if (cursor !== undefined) {
    const [seq, id] = readCursor(cursor, LIST, z.tuple([z.number(), z.string()]));
    query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('seq', 'delivery_id'), '>', tuple(seq, id)));
  }
  const rows = await query.execute();
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(({ seq, type, at, received_at, body }) => ({
      seq,
      type,
      at,
      receivedAt: received_at,
      body: body === null ? null : (JSON.parse(body) as unknown),
    })),
    nextCursor: last ? writeCursor(LIST, last.seq, last.delivery_id) : null,
  };
}
