/** Reads the audit log, the newest first. */
import type * as z from 'zod';
import type { auditEntry, auditQuery } from '../../api/access';
import type { Page } from '../../api/primitives';
import { InputError } from '../errors';
import type { Db } from './database';

type Entry = z.infer<typeof auditEntry>;

/** @throws InputError when the cursor is none of ours */
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
    const [at, id] = readCursor(cursor);
    query = query.where((e) => e.or([e('at', '<', at), e.and([e('at', '=', at), e('id', '<', id)])]));
  }
  const rows = await query.execute();
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last ? Buffer.from(`${last.at} ${last.id}`).toString('base64url') : null };
}

function readCursor(cursor: string): readonly [string, string] {
  const [, at, id] = /^(\S{24}) (\S+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (at === undefined || id === undefined)
    throw new InputError("cursor is not known; allowed: 'nextCursor' of the page before");
  return [at, id];
}
