/** For tests: runs put straight into the tables, made of the contract's examples. */
import type { Outcome, RunEvent, Sample } from '@he300/benchmark/contract';
import {
  exampleEvents,
  examplePrompt,
  exampleResults,
  exampleSample,
} from '@he300/benchmark/contract/examples';
import { hash } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { Db } from './database';
import type { RunTable, SampleTable } from './tables';

const started = exampleEvents['run.started'];
const completed = exampleEvents['run.completed'];
export const DAY = '2026-06-17';

/** Time on the day of the examples, so many minutes after noon. */
export const minute = (minutes: number): string =>
  new Date(Date.parse(`${DAY}T12:00:00.000Z`) + minutes * 60_000).toISOString();

/** A run that was heard of, and nothing else. */
export const pendingRun = (
  id: string,
  changes: Partial<Insertable<RunTable>> = {},
): Insertable<RunTable> => ({
  ...{ id, environment: id.slice(0, id.indexOf('-')), state: 'PENDING' },
  ...{ created_at: minute(0), changed_at: minute(0), heard_at: minute(0) },
  ...{ silence_seconds: 30, last_seq: -1, phases: '[]', whole: 0, signature: 'missing' },
  ...changes,
});

export const runningRun = (
  id: string,
  changes: Partial<Insertable<RunTable>> = {},
): Insertable<RunTable> => ({
  ...pendingRun(id),
  ...{ state: 'RUNNING', started_at: started.at, public_key: started.publicKey, last_seq: 1 },
  ...{
    model: started.model.name,
    model_digest: started.model.digest,
    quantization: started.model.quantization,
  },
  ...{ engine: started.engine.name, spec: started.suite.spec, seed: started.suite.seed, comparable: 1 },
  ...{ sample_sha256: started.suite.sampleSha256, prompts_sha256: started.prompts.sha256 },
  ...{ instance_type: started.host.instanceType, gpu: started.host.gpu?.name ?? null },
  ...{
    trigger_kind: started.trigger.kind,
    started: JSON.stringify({ ...started, runId: id } satisfies RunEvent),
  },
  ...{ phase: 'run', done: 100, total: 300, done_correct: 80, concurrency: 4, cost_usd: 0.12 },
  ...{ tokens_per_second: 1500, eta_seconds: 20 },
  phases: JSON.stringify([
    { phase: 'preflight', from: minute(0) },
    { phase: 'run', from: minute(1) },
  ]),
  ...changes,
});

export const completeRun = (
  id: string,
  changes: Partial<Insertable<RunTable>> = {},
): Insertable<RunTable> => {
  const { overall, throughput, saturation } = completed;
  return {
    ...runningRun(id),
    ...{
      state: 'COMPLETED',
      ended_at: minute(10),
      whole: 1,
      last_seq: completed.seq,
      cost_usd: completed.costUsd,
    },
    ...{
      scenarios: overall.scenarios,
      correct: overall.correct,
      unknown: overall.unknown,
      errors: overall.errors,
    },
    ...{ accuracy: overall.accuracy, low95: overall.wilson95.low, high95: overall.wilson95.high },
    ...{ majority_baseline: overall.majorityBaseline, verdict: saturation.verdict },
    ...{
      requests_per_second: throughput.requestsPerSecond,
      chosen_concurrency: saturation.chosenConcurrency,
    },
    ...{
      output_tokens_per_second: throughput.outputTokensPerSecond,
      results_sha256: completed.resultsSha256,
    },
    ...{ ended: JSON.stringify({ ...completed, runId: id } satisfies RunEvent), signature: 'verified' },
    results: JSON.stringify({ ...exampleResults, runId: id }),
    ...changes,
  };
};

/** Puts a complete run with its categories and its model, which counts it. */
export async function addCompleteRun(
  db: Db,
  id: string,
  changes: Partial<Insertable<RunTable>> = {},
): Promise<void> {
  const row = completeRun(id, changes);
  await db.insertInto('run').values(row).execute();
  const categories = completed.categories.map(({ wilson95, majorityBaseline, groups, ...counts }) => ({
    ...counts,
    run_id: id,
    low95: wilson95.low,
    high95: wilson95.high,
    majority_baseline: majorityBaseline,
    groups: JSON.stringify(groups),
  }));
  await db.insertInto('category_result').values(categories).execute();
  const latest = row.whole === 1 ? { latest_run_id: id, latest_ended_at: row.ended_at ?? null } : {};
  await db
    .insertInto('model')
    .values({ name: row.model!, spec: row.spec!, first_seen_at: minute(0), complete_runs: 1, ...latest })
    .onConflict((c) =>
      c
        .columns(['name', 'spec'])
        .doUpdateSet((e) => ({ complete_runs: e('model.complete_runs', '+', 1), ...latest })),
    )
    .execute();
}

const OUTCOME: Readonly<Record<string, Outcome>> = {
  '+': 'correct',
  '-': 'wrong',
  '?': 'unknown',
  '!': 'error',
};

export const scenarioAt = (position: number): string =>
  `hendrycks_ethics:virtue_test:${String(position).padStart(5, '0')}`;

/** Answers of a run by marks: `+` correct, `-` wrong, `?` unknown, `!` error, `.` not asked. */
export async function addSamples(
  db: Db,
  runId: string,
  marks: string,
  changes: (position: number) => Partial<Insertable<SampleTable>> = () => ({}),
): Promise<void> {
  const rows = [...marks].flatMap((mark, position) =>
    mark === '.' ? [] : [{ ...sampleRow(runId, position, OUTCOME[mark]!), ...changes(position) }],
  );
  for (let i = 0; i < rows.length; i += 500)
    await db
      .insertInto('sample')
      .values(rows.slice(i, i + 500))
      .execute();
}

function sampleRow(runId: string, position: number, outcome: Outcome): Insertable<SampleTable> {
  const { timing, ...sample }: Sample = exampleSample;
  const read = outcome === 'correct' || outcome === 'wrong';
  return {
    ...{
      run_id: runId,
      position,
      pass: 'scored',
      scenario_id: scenarioAt(position),
      category: sample.category,
    },
    ...{ expected: 1, outcome, predicted: read ? Number(outcome === 'correct') : null },
    ...{
      rule: read ? 'strict-word' : null,
      answer: outcome === 'error' ? '' : `${sample.answer} ${position}`,
    },
    prompt_sha256: sample.promptSha256,
    ...(outcome === 'error' ? { error_kind: 'timeout', error_message: 'no answer in 60 s' } : {}),
    ...{
      attempts: 1,
      concurrency: 4,
      prompt_tokens: sample.promptTokens,
      output_tokens: sample.outputTokens,
    },
    ...{ scheduled_at: timing.scheduledAt, queue_ms: timing.queueMs },
    ...{ first_token_ms: timing.firstTokenMs, end_to_end_ms: timing.endToEndMs },
  };
}

/** Keeps a prompt that says this, and gives its hash; without words, the example's. */
export async function addPrompt(db: Db, content?: string): Promise<string> {
  const messages = content === undefined ? examplePrompt.messages : [{ role: 'user' as const, content }];
  const text = JSON.stringify(messages);
  const sha256 = hash('sha256', text);
  await db
    .insertInto('prompt')
    .values({ sha256, messages: text, seen_at: minute(0) })
    .execute();
  return sha256;
}

export async function addEvents(db: Db, runId: string, events: readonly RunEvent[]): Promise<void> {
  for (const event of events)
    await db
      .insertInto('event')
      .values({
        ...{ delivery_id: `${runId}-${event.seq}`, run_id: runId, seq: event.seq, type: event.type },
        ...{ at: event.at, received_at: minute(event.seq), body_sha256: 'b'.repeat(64) },
        body: JSON.stringify(event),
      })
      .execute();
}
