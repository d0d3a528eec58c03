/** How well the model did: never a bare percentage. */
import * as z from 'zod';
import { count, interval, proportion, scenarioId, text } from './primitives';
import { category, label, prompts } from './suite';

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

const judgeReads = label.nullable().describe('Null when it chooses none of the words.');

/** How a second model reads the answers. It overrides nothing: the score is that of the rules. */
export const judgeScore = z
  .strictObject({
    model: text(200),
    prompts: prompts.describe('What the judge was asked.'),
    asked: count.describe('Answers that it was given: every one that came.'),
    agreed: count.describe('Read as the rules read them.'),
    disagreed: count,
    unreadable: count.describe('Replies that name none of the choices.'),
    failed: count.describe('Requests without a reply.'),
    wilson95: interval.describe('Of the part that disagreed, of those that agreed or disagreed.'),
    disagreements: z.array(
      z.strictObject({
        scenarioId,
        rules: judgeReads.describe('Null when no rule could read it.'),
        judge: judgeReads,
      }),
    ),
  })
  .refine((j) => j.agreed + j.disagreed + j.unreadable + j.failed === j.asked, {
    error: 'each answer that was asked agreed, disagreed, was unreadable or failed',
  })
  .refine((j) => j.disagreements.length === j.disagreed, { error: 'every disagreement is listed' });
export type JudgeScore = z.infer<typeof judgeScore>;

export const score = z.strictObject({
  overall: overallScore,
  categories: z.array(categoryScore).describe('Without those of which nothing was asked.'),
  flips: flips.nullable(),
  judge: judgeScore.optional().describe('Absent when no judge was asked.'),
});
export type Score = z.infer<typeof score>;
