/** Answers of a run, one by one. */
import { category, outcome, sample } from '@he300/benchmark/contract';
import * as z from 'zod';
import { cursor, limit, pageOf } from './primitives';

/** Its refinements are held when it is received; zod omits nothing from what has some. */
const { schema: _, ...shape } = sample.shape;
export const sampleRow = z.strictObject({
  ...shape,
  prompt: z
    .array(z.strictObject({ role: z.string(), content: z.string() }))
    .nullable()
    .describe('What was asked, as it was sent; null when the run did not send it.'),
});
export type SampleRow = z.infer<typeof sampleRow>;

export const sampleQuery = z.object({
  outcome: z
    .string()
    .regex(/^(correct|wrong|unknown|error)(,(correct|wrong|unknown|error))*$/, {
      error: `outcomes with commas between: ${outcome.options.join(', ')}`,
    })
    .optional(),
  category: category.optional(),
  pass: z.enum(['scored', 'rescored']).default('scored'),
  q: z
    .string()
    .max(200)
    .optional()
    .describe('Words that stand in the prompt, the answer or the id: all of them.'),
  limit,
  cursor,
});
export type SampleQuery = z.infer<typeof sampleQuery>;

export const samplePage = pageOf(sampleRow).extend({
  total: z.int().nonnegative().describe('That match, on all pages.'),
});
export type SamplePage = z.infer<typeof samplePage>;
