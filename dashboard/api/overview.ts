/** What the first page, the leaderboard and the trends show. */
import { category, interval, proportion, spec } from '@he300/benchmark/contract';
import * as z from 'zod';
import { word } from './primitives';
import { runSummary } from './run';

const cell = z.strictObject({
  category,
  scenarios: z.int().nonnegative(),
  correct: z.int().nonnegative(),
  accuracy: proportion,
  wilson95: interval,
  majorityBaseline: proportion,
});

/** The latest complete run of a model, whole and comparable ones first, and its categories. */
export const modelRow = z.strictObject({
  model: z.string(),
  runs: z.int().nonnegative().describe('Complete ones.'),
  latest: runSummary,
  categories: z.array(cell),
});
export type ModelRow = z.infer<typeof modelRow>;

export const modelQuery = z.object({ spec: spec.optional().describe('Only runs of this specification.') });
export const modelList = z.strictObject({
  items: z.array(modelRow).describe('The highest lower bound of the interval first.'),
});
export type ModelList = z.infer<typeof modelList>;

export const overview = z.strictObject({
  running: z.array(runSummary).describe('Pending, running and lost, the newest first; at most 20.'),
  latest: z.array(modelRow).describe('One a model, the newest run first; at most 20.'),
  counts: z.record(z.string(), z.int().nonnegative()).describe('Runs by state.'),
});
export type Overview = z.infer<typeof overview>;

export const trendQuery = z.object({
  model: word(200).min(1),
  spec: spec.default('1.0'),
  limit: z.coerce.number().int().min(2).max(100).default(30).describe('Most points: the newest ones.'),
});

export const trend = z.strictObject({
  model: z.string(),
  points: z
    .array(
      z.strictObject({
        run: runSummary,
        sincePrevious: z
          .strictObject({
            verdict: z.enum(['better', 'worse', 'tied']),
            pValue: z.number(),
            adjustedPValue: z.number().describe('By Holm, over the points.'),
            scenarios: z.int().nonnegative(),
          })
          .nullable()
          .describe(
            'Paired with the point before on the scenarios that both have; null for the first, and where they cannot be compared.',
          ),
        regression: z.boolean().describe('Worse than the point before by the paired test.'),
      }),
    )
    .describe('The oldest first.'),
});
export type Trend = z.infer<typeof trend>;
