/** Answers and prompts, as a run's artifacts brought them. */
import type { PromptLine, Sample } from '@he300/benchmark/contract';
import type { Insertable } from 'kysely';
import { batches } from './batches';
import type { Db } from './database';
import type { SampleTable } from './tables';

export async function replaceSamples(db: Db, runId: string, samples: readonly Sample[]): Promise<void> {
  await db.deleteFrom('sample').where('run_id', '=', runId).execute();
  const rows = samples.map((sample) => rowOf(runId, sample));
  for (const batch of batches(rows)) await db.insertInto('sample').values(batch).execute();
}

export async function keepPrompts(db: Db, prompts: readonly PromptLine[], now: Date): Promise<void> {
  const seen_at = now.toISOString();
  // One statement may not touch a row twice.
  const once = new Map(prompts.map(({ sha256, messages }) => [sha256, JSON.stringify(messages)]));
  // In one order, so that two runs that bring the same ones do not wait for each other.
  const rows = [...once].sort().map(([sha256, messages]) => ({ sha256, messages, seen_at }));
  for (const batch of batches(rows))
    await db
      .insertInto('prompt')
      .values(batch)
      .onConflict((c) => c.column('sha256').doUpdateSet({ seen_at }))
      .execute();
}

function rowOf(runId: string, { judgement, error, timing, ...sample }: Sample): Insertable<SampleTable> {
  return {
    run_id: runId,
    position: sample.index,
    pass: sample.pass,
    scenario_id: sample.scenarioId,
    category: sample.category,
    expected: sample.expected,
    outcome: judgement.outcome,
    predicted: judgement.predicted,
    rule: judgement.rule,
    answer: storable(sample.answer),
    prompt_sha256: sample.promptSha256,
    error_kind: error?.kind ?? null,
    error_message: error && storable(error.message),
    attempts: sample.attempts,
    concurrency: sample.concurrency,
    prompt_tokens: sample.promptTokens,
    output_tokens: sample.outputTokens,
    scheduled_at: timing.scheduledAt,
    queue_ms: timing.queueMs,
    first_token_ms: timing.firstTokenMs,
    end_to_end_ms: timing.endToEndMs,
  };
}

/** Postgres takes no NUL in a text, and neither database half of a surrogate pair; a model may say both. */
export const storable = (text: string): string => Buffer.from(text.replaceAll('\0', '\ufffd')).toString();
