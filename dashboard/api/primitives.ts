/** What several answers of the API share. Times are UTC, RFC 3339; units stand in the names. */
import * as z from 'zod';

/** Every answer that is not 2xx. */
export const problem = z.strictObject({
  error: z.string().describe('One line, lower-case: what was wrong, the value, what is allowed.'),
});
export type Problem = z.infer<typeof problem>;

/** A page of a list; `nextCursor` is null on the last one. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('Opaque; give it back as `cursor` for what follows.'),
  });

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export const limit = z.coerce.number().int().min(1).max(200).default(50).describe('Most items of a page.');
/** Base64 of whatever a list is sorted by: of a model's 200 characters, six bytes each where JSON has to escape them. */
export const cursor = z.string().max(2000).optional().describe('`nextCursor` of the page before.');

/** A word to look for. Postgres knows no text with a NUL in it. */
export const word = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^[^\0]*$/, { error: 'no NUL' });
