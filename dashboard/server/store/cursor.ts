/** Cursors of lists: where a page ended, in the order of its list. Opaque to whoever gets one, and checked when it comes back. */
import * as z from 'zod';
import { InputError } from '../errors';

/** Postgres knows no text with a NUL in it. */
const text = z.string().regex(/^[^\0]*$/);
const place = z.array(z.union([text, z.number(), z.null()])).min(1);
export type Place = z.infer<typeof place>;

/** @param list name of the list with its order: a cursor is good for that only */
export const writeCursor = (list: string, ...values: Place): string =>
  Buffer.from(JSON.stringify([list, ...values])).toString('base64url');

/**
 * What stands behind the name of the list, as the schema has it.
 * @throws InputError when it was not written for this list
 */
export function readCursor<T extends z.ZodType>(cursor: string, list: string, values: T): z.output<T> {
  const [name, ...rest] = place.safeParse(parsed(cursor)).data ?? [];
  const read = values.safeParse(rest);
  if (name !== list || !read.success)
    throw new InputError(
      'cursor does not belong to this list; allowed: nextCursor of the page before, asked for in the same order',
    );
  return read.data;
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
