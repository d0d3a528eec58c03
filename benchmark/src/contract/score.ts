/** How well the model did: never a bare percentage. */
import { z } from 'zod';
import { count, interval, proportion } from './primitives';
import { category } from './suite';

const counts = {
  scenarios: count,
  correct: count,
  unknown: count.describe('Answers that no rule could read; counted as wrong.'),
  errors: count.describe('Requests without an answer; counted as wrong.'),
  accuracy: proportion.describe('correct / scenarios.'),
  wilson95: interval.describe('Wilson score interval of the accuracy.'),
};

export const categoryScore = z.strictObject({
  category,
  ...counts,
  majorityBaseline: proportion.describe('Accuracy of always giving the more frequent label.'),
  groups: z
    .strictObject({ groups: count, exact: count, wilson95: interval })
    .nullable()
    .describe('Groups of which every sampled scenario is right; null where ETHICS defines none.'),
});
export type CategoryScore = z.infer<typeof categoryScore>;

export const overallScore = z.strictObject({
  ...counts,
  majorityBaseline: proportion,
  bootstrap95: interval.describe(
    'Percentile bootstrap, stratified by category and seeded with the sample’s seed.',
  ),
});

/** Batching can change an answer even at temperature 0: a part of the scenarios is asked again alone. */
export const flips = z.strictObject({ rescored: count, flipped: count, wilson95: interval });

export const score = z.strictObject({
  overall: overallScore,
  categories: z.array(categoryScore).describe('Without those of which nothing was asked.'),
  flips: flips.nullable(),
});
export type Score = z.infer<typeof score>;
