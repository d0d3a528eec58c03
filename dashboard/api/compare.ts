/** Runs held against the first of them, scenario by scenario. */
import { category, label, outcome, scenarioId } from '@he300/benchmark/contract';
import * as z from 'zod';
import { runSummary } from './run';

export const MOST_COMPARED = 6;

export const compareQuery = z.object({
  runs: z
    .string()
    .max(600)
    .describe(`2 to ${MOST_COMPARED} run ids with commas between, the baseline first.`),
  intersect: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Compares the scenarios that all runs have, even where their samples differ.'),
});

const answer = z.strictObject({
  outcome,
  answer: z.string().describe('Cut at 400 characters.'),
});

export const comparison = z.strictObject({
  runId: z.string().describe('The candidate.'),
  scenarios: z.int().nonnegative(),
  counts: z.strictObject({
    both: z.int().nonnegative(),
    onlyA: z.int().nonnegative().describe('Only the baseline was right.'),
    onlyB: z.int().nonnegative().describe('Only the candidate was right.'),
    neither: z.int().nonnegative(),
  }),
  difference: z.number().describe('Accuracy of the candidate less that of the baseline.'),
  interval95: z.strictObject({ low: z.number(), high: z.number() }).describe('Of the difference.'),
  pValue: z.number().describe('Exact McNemar test, two-sided.'),
  adjustedPValue: z.number().describe('By Holm, over all candidates.'),
  verdict: z
    .enum(['better', 'worse', 'tied'])
    .describe('`tied`: no difference was shown, not that there is none.'),
  detectableDifference: z.number().nullable(),
  byCategory: z.array(
    z.strictObject({
      category,
      scenarios: z.int().nonnegative(),
      baselineCorrect: z.int().nonnegative(),
      candidateCorrect: z.int().nonnegative(),
    }),
  ),
});
export type RunComparison = z.infer<typeof comparison>;

export const compareAnswer = z.strictObject({
  runs: z.array(runSummary).describe('In the order asked for, the baseline first.'),
  comparisons: z.array(comparison).describe('One for each candidate.'),
  refusal: z
    .string()
    .nullable()
    .describe('Why these runs cannot be held against one another; `comparisons` is empty then.'),
  discordant: z
    .array(
      z.strictObject({
        scenarioId,
        category,
        expected: label,
        prompt: z.string().nullable(),
        answers: z.array(answer).describe('In the order of `runs`.'),
      }),
    )
    .describe('Scenarios that some of the runs got right and others did not; at most 300.'),
});
export type CompareAnswer = z.infer<typeof compareAnswer>;
