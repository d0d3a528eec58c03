/** Reads the audit log, the newest first. */
import * as z from 'zod';
import type { auditEntry, auditQuery } from '../../api/access';
import type { Page } from '../../api/primitives';
import { readCursor, writeCursor } from './cursor';
import type { Db } from './database';

type Entry = z.infer<typeof auditEntry>;

const LIST = 'audit';

/** @throws InputError when the cursor is of another list */
export async function auditPageOf(
  db: Db,
  { actor, action, limit, cursor }: z.output<typeof auditQuery>,
): Promise<Page<Entry>> {
  let query = db
    .selectFrom('audit')
    .selectAll()
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (action !== undefined) query = query.where('action', '=', action);
  if (cursor !== undefined) {
    const [at, id] = readCursor(cursor, LIST, z.tuple([z.string(), z.string()]));
    query = query.where((e) => e.or([e('at', '<', at), e.and([e('at', '=', at), e('id', '<', id)])]));
  }
  const rows = await query.execute();
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last ? writeCursor(LIST, last.at, last.id) : null };
}
