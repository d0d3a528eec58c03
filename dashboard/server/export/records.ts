/** What the columns of exported tables are called, and where they come from. */
import type { RunSummary } from '../../api/run';
import type { SampleRow } from '../../api/sample';
import type { Cell, Records } from './formats';

const recordsOf = <T>(cells: Readonly<Record<string, (item: T) => Cell | undefined>>): Records<T> => ({
  columns: Object.keys(cells),
  of: (item) => Object.values(cells).map((cell) => cell(item) ?? null),
});

export const runRecord = recordsOf<RunSummary>({
  run_id: (run) => run.runId,
  state: (run) => run.state,
  environment: (run) => run.environment,
  created_at: (run) => run.createdAt,
  started_at: (run) => run.startedAt,
  ended_at: (run) => run.endedAt,
  model: (run) => run.model,
  model_digest: (run) => run.modelDigest,
  quantization: (run) => run.quantization,
  engine: (run) => run.engine,
  spec: (run) => run.spec,
  seed: (run) => run.seed,
  sample_sha256: (run) => run.sampleSha256,
  prompts_sha256: (run) => run.promptsSha256,
  comparable: (run) => run.comparable,
  instance_type: (run) => run.instanceType,
  gpu: (run) => run.gpu,
  trigger: (run) => run.triggerKind,
  branch: (run) => run.branch,
  commit: (run) => run.commit,
  pull_request: (run) => run.pullRequest,
  scenarios: (run) => run.outcome?.scenarios,
  correct: (run) => run.outcome?.correct,
  unknown: (run) => run.outcome?.unknown,
  errors: (run) => run.outcome?.errors,
  accuracy: (run) => run.outcome?.accuracy,
  wilson95_low: (run) => run.outcome?.wilson95.low,
  wilson95_high: (run) => run.outcome?.wilson95.high,
  majority_baseline: (run) => run.outcome?.majorityBaseline,
  verdict: (run) => run.verdict,
  chosen_concurrency: (run) => run.chosenConcurrency,
  requests_per_second: (run) => run.requestsPerSecond,
  output_tokens_per_second: (run) => run.outputTokensPerSecond,
  cost_usd: (run) => run.costUsd,
  signature: (run) => run.signature,
});

export const sampleRecord = recordsOf<SampleRow>({
  index: (sample) => sample.index,
  pass: (sample) => sample.pass,
  scenario_id: (sample) => sample.scenarioId,
  category: (sample) => sample.category,
  expected: (sample) => sample.expected,
  outcome: (sample) => sample.judgement.outcome,
  predicted: (sample) => sample.judgement.predicted,
  rule: (sample) => sample.judgement.rule,
  prompt: (sample) => sample.prompt?.map(({ content }) => content).join('\n\n'),
  answer: (sample) => sample.answer,
  error: (sample) => sample.error?.kind,
  error_message: (sample) => sample.error?.message,
  attempts: (sample) => sample.attempts,
  concurrency: (sample) => sample.concurrency,
  prompt_tokens: (sample) => sample.promptTokens,
  output_tokens: (sample) => sample.outputTokens,
  queue_ms: (sample) => sample.timing.queueMs,
  first_token_ms: (sample) => sample.timing.firstTokenMs,
  end_to_end_ms: (sample) => sample.timing.endToEndMs,
});
