/** What an event that is taken changes in its run's row. */
import { stateAfter, TERMINAL_STATES, type Phase, type RunEvent } from '@he300/benchmark/contract';
import type { Updateable } from 'kysely';
import type { RunRow } from '../store/received-runs';
import type { RunTable } from '../store/tables';

type Of<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;
type Changes = Updateable<RunTable>;

/** A host that goes through more of them is not one of ours. */
const MOST_PHASES = 200;

/** Nothing but the number where the state sticks. @param publicKey that speaks for the run from now on */
export function changesBy(event: RunEvent, run: RunRow, publicKey: string | null, now: Date): Changes {
  const state = stateAfter(run.state, event);
  const taken = { last_seq: event.seq, public_key: publicKey };
  if (TERMINAL_STATES.includes(run.state) && state === run.state) return taken;
  const at = now.toISOString();
  const heard = { ...taken, state, heard_at: at, changed_at: at };
  switch (event.type) {
    case 'run.started':
      return { ...heard, ...started(event, run) };
    case 'run.progress':
      return { ...heard, ...inPhase(event, run), ...progress(event) };
    case 'run.heartbeat':
      return { ...heard, ...inPhase(event, run), silence_seconds: event.nextWithinSeconds };
    case 'run.completed':
      return { ...heard, ...ended(event), ...completed(event, run) };
    case 'run.failed':
      return { ...heard, ...inPhase(event, run), ...ended(event) };
    case 'run.cancelled':
      return { ...heard, ...ended(event) };
  }
}

export const started = (event: Of<'run.started'>, run: Pick<RunRow, 'started_at'>): Changes => ({
  started_at: run.started_at ?? event.at,
  ended_at: null,
  ended: null,
  results_sha256: null,
  started: JSON.stringify(event),
  model: event.model.name,
  model_digest: event.model.digest,
  quantization: event.model.quantization,
  engine: event.engine.name,
  spec: event.suite.spec,
  seed: event.suite.seed,
  sample_sha256: event.suite.sampleSha256,
  prompts_sha256: event.prompts.sha256,
  comparable: event.suite.comparable ? 1 : 0,
  instance_type: event.host.instanceType,
  gpu: event.host.gpu?.name ?? null,
  trigger_kind: event.trigger.kind,
  branch: event.trigger.branch ?? null,
  commit_sha: event.trigger.commit ?? null,
  pull_request: event.trigger.pullRequest ?? null,
});

const progress = (event: Of<'run.progress'>): Changes => ({
  done: event.done,
  total: event.total,
  done_correct: event.correct,
  concurrency: event.concurrency,
  tokens_per_second: event.tokensPerSecond,
  eta_seconds: event.etaSeconds,
  cost_usd: event.costUsd,
});

const ended = (event: Of<'run.completed' | 'run.failed' | 'run.cancelled'>): Changes => ({
  ended_at: event.at,
  ended: JSON.stringify(event),
  eta_seconds: null,
});

export const completed = (
  { resultsSha256, overall, throughput, saturation, costUsd }: Of<'run.completed'>,
  run: Pick<RunRow, 'started' | 'comparable' | 'signature'>,
): Changes => ({
  results_sha256: resultsSha256,
  scenarios: overall.scenarios,
  correct: overall.correct,
  unknown: overall.unknown,
  errors: overall.errors,
  accuracy: overall.accuracy,
  low95: overall.wilson95.low,
  high95: overall.wilson95.high,
  majority_baseline: overall.majorityBaseline,
  requests_per_second: throughput.requestsPerSecond,
  output_tokens_per_second: throughput.outputTokensPerSecond,
  verdict: saturation.verdict,
  chosen_concurrency: saturation.chosenConcurrency,
  cost_usd: costUsd,
  whole: isWhole(run, overall.scenarios) ? 1 : 0,
});

/** Whether others may be held against it: comparable, of every scenario of its sample, and not shown to be false. */
export const isWhole = (
  { started, comparable, signature }: Pick<RunRow, 'started' | 'comparable' | 'signature'>,
  scenarios: number,
): boolean =>
  comparable === 1 &&
  signature !== 'invalid' &&
  started !== null &&
  (JSON.parse(started) as Of<'run.started'>).suite.scenarios === scenarios;

/** A phase that a resumed run comes to again is told of again. */
function inPhase({ phase, at }: { readonly phase: Phase; readonly at: string }, run: RunRow): Changes {
  const phases = JSON.parse(run.phases) as { phase: Phase; from: string }[];
  if (phases.at(-1)?.phase === phase || phases.length >= MOST_PHASES) return { phase };
  return { phase, phases: JSON.stringify([...phases, { phase, from: at }]) };
}
