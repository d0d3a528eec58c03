/** What a run tells the dashboard while it goes on. */
import * as z from 'zod';
import { performanceWindow, saturation } from './performance';
import { count, proportion, publicKey, runId, seconds, sha256, text, timestamp, usd } from './primitives';
import { engine, host, model, price, runner, trigger } from './provenance';
import { categoryScore, overallScore } from './score';
import { prompts, suite } from './suite';

export const PHASES = [
  'arm',
  'identity',
  'secrets',
  'tunnel',
  'model-server',
  'preflight',
  'run',
  'report',
  'off',
] as const;
export const phase = z.enum(PHASES).describe('Phase of the host’s life.');
export type Phase = z.infer<typeof phase>;

const common = {
  runId,
  seq: count.describe('Number of the event in its run: each is larger than the one before.'),
  at: timestamp.describe('When it happened, by the host’s clock.'),
};

export const runStarted = z.strictObject({
  type: z.literal('run.started'),
  ...common,
  publicKey: publicKey.describe('The run’s own key: every later event and the results are signed with it.'),
  resumed: z.boolean().describe('Whether another host began this run.'),
  environment: z.string().min(1).max(12),
  trigger,
  suite,
  prompts,
  model,
  engine,
  host,
  runner,
  price,
});

export const runProgress = z.strictObject({
  type: z.literal('run.progress'),
  ...common,
  phase,
  done: count,
  total: count,
  correct: count,
  concurrency: count,
  tokensPerSecond: z.number().nonnegative().nullable(),
  etaSeconds: seconds.nullable(),
  costUsd: usd.nullable(),
});

export const runHeartbeat = z.strictObject({
  type: z.literal('run.heartbeat'),
  ...common,
  phase,
  nextWithinSeconds: z
    .int()
    .min(5)
    .max(3600)
    .describe('The run is lost when nothing was heard for three times this long.'),
});

export const runCompleted = z.strictObject({
  type: z.literal('run.completed'),
  ...common,
  resultsSha256: sha256.describe('Of the results artifact.'),
  overall: overallScore,
  categories: z.array(categoryScore).min(1),
  throughput: performanceWindow.pick({ requestsPerSecond: true, outputTokensPerSecond: true, seconds: true }),
  saturation: saturation.pick({ verdict: true, chosenConcurrency: true }),
  costUsd: usd.nullable(),
});

export const runFailed = z.strictObject({
  type: z.literal('run.failed'),
  ...common,
  phase,
  cause: text(500),
  logTail: text(4_000).describe('Last lines of the log, without secrets.'),
  interrupted: z
    .boolean()
    .describe('The host was taken away or its time was over: another may resume the run.'),
  scored: proportion,
});

export const runCancelled = z.strictObject({
  type: z.literal('run.cancelled'),
  ...common,
  by: text(100),
  reason: text(500),
});

export const runEvent = z.discriminatedUnion('type', [
  runStarted,
  runProgress,
  runHeartbeat,
  runCompleted,
  runFailed,
  runCancelled,
]);
export type RunEvent = z.infer<typeof runEvent>;
