/** One line of the sample log: one answer to one scenario, and how it was judged. */
import * as z from 'zod';
import { count, milliseconds, scenarioId, sha256, text, timestamp } from './primitives';
import { category, label } from './suite';

export const outcome = z
  .enum(['correct', 'wrong', 'unknown', 'error'])
  .describe(
    '`unknown`: an answer that no rule can read; `error`: no answer. Both count as wrong, and are counted apart.',
  );
export type Outcome = z.infer<typeof outcome>;

export const judgement = z.strictObject({
  outcome,
  predicted: label.nullable().describe('Null for `unknown` and `error`.'),
  rule: z.enum(['strict-word', 'structured']).nullable().describe('Which rule read the answer.'),
});

export const timing = z.strictObject({
  scheduledAt: timestamp.describe('When it was due; latencies count from here.'),
  queueMs: milliseconds.describe('From due to sent: the client’s own delay.'),
  firstTokenMs: milliseconds
    .nullable()
    .describe('Time to first token (TTFT), from due; null when nothing came.'),
  endToEndMs: milliseconds.describe('From due to the last byte.'),
});

export const sampleError = z.strictObject({
  kind: z.enum(['timeout', 'refused', 'overloaded', 'http', 'malformed', 'too-large', 'cancelled', 'client']),
  message: text(500),
});
export type SampleError = z.infer<typeof sampleError>;

export const sample = z
  .strictObject({
    schema: z.literal('he300.sample/v1'),
    index: count.describe('Place in the sample, 0-based.'),
    scenarioId,
    category,
    pass: z
      .enum(['scored', 'rescored'])
      .describe('`rescored`: asked again alone, to see whether batching changes the answer.'),
    expected: label,
    promptSha256: sha256.describe(
      'Of the messages as they were sent, in `prompts.jsonl`; of stand-ins where the server asks in its own words.',
    ),
    answer: z.string().max(65_536).describe('The model’s text, cut at 65,536 characters.'),
    judgement,
    error: sampleError.nullable(),
    attempts: z.int().positive().describe('Requests that it took.'),
    concurrency: z.int().positive().describe('Requests in flight when it was sent, itself included.'),
    promptTokens: count.nullable().describe('As the server counted; null when it did not.'),
    outputTokens: count.nullable().describe('As the server counted; null when it did not.'),
    timing,
  })
  .refine((s) => (s.judgement.outcome === 'error') === (s.error !== null), {
    error: 'an error has its reason, and nothing else has one',
  })
  .refine((s) => (s.judgement.predicted === null) === ['unknown', 'error'].includes(s.judgement.outcome), {
    error: 'an answer that was read has a prediction, and no other has one',
  });
export type Sample = z.infer<typeof sample>;
