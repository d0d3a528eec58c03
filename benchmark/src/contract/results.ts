/** `results.json`: everything a run found out, bound to what it was asked, and signed. */
import * as z from 'zod';
import { performance } from './performance';
import { proportion, publicKey, runId, sha256, signature, text, timestamp, usd } from './primitives';
import { engine, generation, host, model, price, runner, trigger } from './provenance';
import { score } from './score';
import { prompts, suite } from './suite';

export const RESULTS_SCHEMA = 'he300.results/v1';

export const results = z.strictObject({
  schema: z.literal(RESULTS_SCHEMA),
  runId,
  startedAt: timestamp,
  endedAt: timestamp,
  partial: z
    .strictObject({ reason: text(200), scored: proportion })
    .nullable()
    .describe('Set when the run was stopped before its end; such a result is compared with nothing.'),
  trigger,
  suite,
  prompts,
  model,
  engine,
  generation,
  host,
  runner,
  score,
  performance,
  cost: z.strictObject({
    ...price.shape,
    spentUsd: usd.nullable(),
    wattHours: z
      .number()
      .nonnegative()
      .nullable()
      .describe('Of the server’s GPUs while the run watched them; null when nothing told their power.'),
  }),
  bindingSha256: sha256.describe(
    'Of what was asked and what was judged: specification, seed, sample, prompts, model, and each scenario’s answer hash and outcome in order.',
  ),
});
export type Results = z.infer<typeof results>;

/** The file itself. The signature is over the UTF-8 bytes of `results` as they stand in it. */
export const signedResults = z.strictObject({
  results: z
    .string()
    .min(2)
    .describe('The results, JSON in a string, so that what was signed is what is read.'),
  publicKey,
  signature,
});
export type SignedResults = z.infer<typeof signedResults>;
