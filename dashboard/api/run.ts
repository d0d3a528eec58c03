/** A run as lists and its own page show it. */
import {
  artifact,
  categoryScore,
  engine,
  host,
  model,
  overallScore,
  phase,
  price,
  prompts,
  results,
  RUN_STATES,
  runId,
  runner,
  runState,
  saturation,
  spec,
  suite,
  timestamp,
  trigger,
} from '@he300/benchmark/contract';
import * as z from 'zod';
import { cursor, limit, pageOf, word } from './primitives';

const progress = z.strictObject({
  phase: phase.nullable(),
  done: z.int().nonnegative(),
  total: z.int().nonnegative(),
  correct: z.int().nonnegative(),
  concurrency: z.int().nonnegative().nullable(),
  tokensPerSecond: z.number().nullable(),
  etaSeconds: z.number().nullable(),
});

/** The counts that an accuracy is never shown without. */
const outcome = overallScore.omit({ bootstrap95: true });

export const runSummary = z.strictObject({
  runId,
  state: runState,
  environment: z.string(),
  createdAt: timestamp.describe('When the dashboard first heard of it.'),
  startedAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  heardAt: timestamp.describe('When the host last spoke, by the clock of the dashboard.'),
  model: z.string().nullable().describe('Null until the run has started.'),
  modelDigest: z.string().nullable(),
  quantization: z.string().nullable(),
  engine: z.string().nullable(),
  spec: spec.nullable(),
  seed: z.int().nullable(),
  sampleSha256: z.string().nullable(),
  promptsSha256: z.string().nullable(),
  comparable: z.boolean().nullable(),
  instanceType: z.string().nullable(),
  gpu: z.string().nullable(),
  triggerKind: trigger.shape.kind.nullable(),
  branch: z.string().nullable(),
  commit: z.string().nullable(),
  pullRequest: z.int().nullable(),
  progress: progress.nullable().describe('Null before the first word of it.'),
  outcome: outcome.nullable().describe('Null until it is complete.'),
  verdict: saturation.shape.verdict.nullable(),
  chosenConcurrency: z.int().nullable(),
  requestsPerSecond: z.number().nullable(),
  outputTokensPerSecond: z.number().nullable(),
  costUsd: z.number().nullable(),
  signature: z
    .enum(['verified', 'missing', 'invalid'])
    .describe(
      '`verified`: its results came, signed by the key that the run registered, and its samples are those that the results bind. `missing`: no results came.',
    ),
});
export type RunSummary = z.infer<typeof runSummary>;

export const runDetail = runSummary.extend({
  trigger: trigger.nullable(),
  suite: suite.nullable(),
  prompts: prompts.nullable(),
  modelFacts: model.nullable(),
  engineFacts: engine.nullable(),
  host: host.nullable(),
  runner: runner.nullable(),
  price: price.nullable(),
  publicKey: z.string().nullable(),
  bootstrap95: overallScore.shape.bootstrap95.nullable(),
  categories: z.array(categoryScore),
  failure: z
    .strictObject({
      phase,
      cause: z.string(),
      logTail: z.string(),
      interrupted: z.boolean(),
      scored: z.number(),
    })
    .nullable(),
  cancellation: z.strictObject({ by: z.string(), reason: z.string() }).nullable(),
  signatureProblem: z.string().nullable().describe('Why `signature` is not `verified`; null when it is.'),
  results: results
    .nullable()
    .describe('As the artifact has them; null until it came, and when it does not hold.'),
  artifacts: z.array(artifact.omit({ runId: true }).extend({ storedAt: timestamp })),
  phases: z.array(
    z.strictObject({ phase, from: timestamp, to: timestamp.nullable().describe('Null: it goes on.') }),
  ),
  sampleCount: z.int().nonnegative(),
});
export type RunDetail = z.infer<typeof runDetail>;

/** What lists are sorted by; a leading `-` turns the order round. */
export const RUN_SORTS = [
  'createdAt',
  'endedAt',
  'accuracy',
  'costUsd',
  'requestsPerSecond',
  'model',
] as const;

export const runQuery = z.object({
  state: z
    .string()
    .regex(new RegExp(`^(${RUN_STATES.join('|')})(,(${RUN_STATES.join('|')}))*$`), {
      error: `states with commas between: ${RUN_STATES.join(', ')}`,
    })
    .optional(),
  environment: word(12).optional(),
  model: word(200).optional().describe('Exactly.'),
  spec: spec.optional(),
  seed: z.coerce.number().int().optional(),
  trigger: trigger.shape.kind.optional(),
  branch: word(255).optional(),
  pullRequest: z.coerce.number().int().positive().optional(),
  q: word(100).optional().describe('Part of the id, the model, the branch or the commit.'),
  from: timestamp.optional().describe('Created at or after.'),
  to: timestamp.optional().describe('Created before.'),
  sort: z
    .enum(RUN_SORTS.flatMap((by) => [by, `-${by}` as const]))
    .default('-createdAt')
    .describe('What has no value comes last.'),
  limit,
  cursor,
});
export type RunQuery = z.infer<typeof runQuery>;

export const runPage = pageOf(runSummary);
export type RunPage = z.infer<typeof runPage>;

export const runEventPage = pageOf(
  z.strictObject({
    seq: z.int().nonnegative(),
    type: z.string(),
    at: timestamp,
    receivedAt: timestamp,
    body: z.unknown().describe('The event as it was delivered.'),
  }),
);
export type RunEventPage = z.infer<typeof runEventPage>;
