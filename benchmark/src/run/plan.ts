/** What a run was told to do, written down before it begins: a resumed run does the same. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { proportion, runId, seconds, timestamp } from '../contract/primitives';
import { engine, generation, host, model, price, runner, trigger } from '../contract/provenance';
import { prompts, suite } from '../contract/suite';
import { ENGINE_NAMES, MOST_IN_BATCH } from '../engines';
import { InputError } from '../errors';
import { judgeOptions } from '../judge/open-judge';
import { promptSet } from '../prompts/prompt-set';

export const PLAN_SCHEMA = 'he300.plan/v1';

export const plan = z.strictObject({
  schema: z.literal(PLAN_SCHEMA),
  runId,
  startedAt: timestamp,
  trigger,
  suite,
  datasetDirectory: z.string(),
  prompts,
  promptSet,
  model,
  engine,
  engineOptions: z.strictObject({
    name: z.enum(ENGINE_NAMES),
    url: z.url().nullable(),
    model: z.string().nullable(),
    batchSize: z.int().min(1).max(MOST_IN_BATCH).optional(),
    llamaSlots: z.int().positive().optional(),
  }),
  generation,
  host,
  runner,
  price,
  concurrency: z.int().positive().nullable().describe('Null lets the search find it.'),
  rescoreFraction: proportion,
  requestTimeLimitSeconds: seconds,
  judge: judgeOptions.optional().describe('A second model that reads the answers too.'),
  objective: z.strictObject({
    firstTokenMs: z.number().positive().optional(),
    endToEndMs: z.number().positive().optional(),
  }),
});
export type Plan = z.infer<typeof plan>;

/** @throws InputError */
export function parsePlan(text: string, path: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(
      `plan: ${path} is not JSON; a run that was killed while it began must be begun again`,
    );
  }
  const { data, error } = plan.safeParse(value);
  if (data) return data;
  const { path: field, message } = error.issues[0]!;
  throw new InputError(`plan: ${path}: ${field.join('.')}: ${message}`);
}

export const newRunId = (): string => `local-${randomBytes(6).toString('hex')}`;
