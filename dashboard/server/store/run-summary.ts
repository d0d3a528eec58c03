/** A row of the table `run` as lists show it. */
import type { Selectable } from 'kysely';
import type { RunSummary } from '../../api/run';
import type { Db } from './database';
import { inBatches } from './batches';
import type { RunTable } from './tables';

/** Without the documents, which are long. */
export const SUMMARY_COLUMNS = [
  'id',
  'environment',
  'state',
  'created_at',
  'heard_at',
  'started_at',
  'ended_at',
  'model',
  'model_digest',
  'quantization',
  'engine',
  'spec',
  'seed',
  'sample_sha256',
  'prompts_sha256',
  'comparable',
  'instance_type',
  'gpu',
  'trigger_kind',
  'branch',
  'commit_sha',
  'pull_request',
  'phase',
  'done',
  'total',
  'done_correct',
  'concurrency',
  'tokens_per_second',
  'eta_seconds',
  'cost_usd',
  'scenarios',
  'correct',
  'unknown',
  'errors',
  'accuracy',
  'low95',
  'high95',
  'majority_baseline',
  'requests_per_second',
  'output_tokens_per_second',
  'verdict',
  'chosen_concurrency',
  'signature',
] as const satisfies readonly (keyof RunTable)[];

export type SummaryRow = Pick<Selectable<RunTable>, (typeof SUMMARY_COLUMNS)[number]>;

/** In the order of the ids; those that are not there are left out. */
export async function summariesOf(db: Db, ids: readonly string[]): Promise<RunSummary[]> {
  const rows = await inBatches(ids, (batch) =>
    db.selectFrom('run').select(SUMMARY_COLUMNS).where('id', 'in', batch).execute(),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row ? [summaryOf(row)] : [];
  });
}

export function summaryOf(row: SummaryRow): RunSummary {
  return {
    runId: row.id,
    state: row.state,
    environment: row.environment,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    heardAt: row.heard_at,
    model: row.model,
    modelDigest: row.model_digest,
    quantization: row.quantization,
    engine: row.engine,
    spec: row.spec as RunSummary['spec'],
    seed: row.seed,
    sampleSha256: row.sample_sha256,
    promptsSha256: row.prompts_sha256,
    comparable: row.comparable === null ? null : row.comparable === 1,
    instanceType: row.instance_type,
    gpu: row.gpu,
    triggerKind: row.trigger_kind,
    branch: row.branch,
    commit: row.commit_sha,
    pullRequest: row.pull_request,
    progress: progressOf(row),
    outcome: outcomeOf(row),
    verdict: row.verdict,
    chosenConcurrency: row.chosen_concurrency,
    requestsPerSecond: row.requests_per_second,
    outputTokensPerSecond: row.output_tokens_per_second,
    costUsd: row.cost_usd,
    signature: row.signature,
  };
}

/** A heartbeat tells the phase only. */
function progressOf(row: SummaryRow): RunSummary['progress'] {
  if (row.phase === null && row.done === null) return null;
  return {
    phase: row.phase as NonNullable<RunSummary['progress']>['phase'],
    done: row.done ?? 0,
    total: row.total ?? 0,
    correct: row.done_correct ?? 0,
    concurrency: row.concurrency,
    tokensPerSecond: row.tokens_per_second,
    etaSeconds: row.eta_seconds,
  };
}

/** The event that completes a run brings all of it, or there is none. */
function outcomeOf(row: SummaryRow): RunSummary['outcome'] {
  if (row.accuracy === null) return null;
  return {
    scenarios: row.scenarios!,
    correct: row.correct!,
    unknown: row.unknown!,
    errors: row.errors!,
    accuracy: row.accuracy,
    wilson95: { low: row.low95!, high: row.high95! },
    majorityBaseline: row.majority_baseline!,
  };
}
