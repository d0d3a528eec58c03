/** How fast the server was, and why no faster. */
import * as z from 'zod';
import { count, milliseconds, proportion, seconds, text } from './primitives';
import { telemetry } from './telemetry';

export const percentiles = z.strictObject({
  p50: milliseconds,
  p90: milliseconds,
  p95: milliseconds,
  p99: milliseconds,
  p999: milliseconds,
  max: milliseconds,
});

/** One measured stretch of time. Latencies count from the scheduled time. */
export const performanceWindow = z.strictObject({
  seconds,
  requests: count,
  errors: count,
  requestsPerSecond: z.number().nonnegative(),
  promptTokensPerSecond: z.number().nonnegative().nullable(),
  outputTokensPerSecond: z.number().nonnegative().nullable(),
  timeToFirstTokenMs: percentiles.nullable(),
  interTokenMs: percentiles.nullable().describe('ITL: between two pieces of one answer.'),
  timePerOutputTokenMs: percentiles
    .nullable()
    .describe('TPOT: from the first to the last piece, by the output tokens after the first.'),
  endToEndMs: percentiles,
  queueMs: percentiles,
  goodput: proportion.nullable().describe('Part of the requests that met the objective; null without one.'),
});
export type PerformanceWindow = z.infer<typeof performanceWindow>;

export const loadWindow = z.strictObject({
  concurrency: z.int().positive(),
  tokensPerSecond: z
    .number()
    .nonnegative()
    .describe('Prompt and output tokens: the objective of the search.'),
  requestsPerSecond: z.number().nonnegative(),
  p95Ms: milliseconds,
  reason: text(200).describe('Why this concurrency was tried.'),
});

export const saturation = z.strictObject({
  verdict: z.enum([
    'saturated',
    'limited-by-slots',
    'limited-by-client',
    'limited-by-server-queue',
    'not-saturated',
    'not-searched',
  ]),
  evidence: z.array(text(300)),
  warnings: z
    .array(text(300))
    .optional()
    .describe('What may have spoiled the measurement, such as clocks that were held down.'),
  unknowns: z
    .array(text(300))
    .optional()
    .describe('What the verdict could not know, and what would have told it.'),
  bound: z
    .enum(['memory-bandwidth', 'compute'])
    .nullable()
    .optional()
    .describe(
      'What the GPU had no more of in the fastest windows; null when neither, or when DCGM was not there.',
    ),
  slotsSeen: z
    .int()
    .positive()
    .nullable()
    .optional()
    .describe('Slots that the server’s queue gave away under load; null when it did not.'),
  chosenConcurrency: z.int().positive(),
  peakTokensPerSecond: z.number().nonnegative().nullable(),
  windows: z.array(loadWindow),
  telemetry: telemetry.nullable().optional().describe('Of the fastest window.'),
});
export type Saturation = z.infer<typeof saturation>;

/** Of the process that ended the run: what was asked before a resume is in the samples, and not in here. */
export const performance = z.strictObject({
  total: performanceWindow,
  steady: performanceWindow
    .nullable()
    .describe('Without warm-up and tail; null when no steady stretch was found.'),
  saturation,
  concurrencyChanges: z
    .array(
      z.strictObject({
        atSeconds: seconds.describe('Since the scored pass began.'),
        from: z.int().positive(),
        to: z.int().positive(),
        reason: text(300),
      }),
    )
    .describe('Of the scored pass, such as when the server had no room.'),
  telemetry: telemetry
    .nullable()
    .optional()
    .describe('Of the scored pass. Absent in results of runners that took none.'),
});
export type Performance = z.infer<typeof performance>;
