/**
 * The tables, as Kysely sees them. What they hold is the same on SQLite and Postgres: times are RFC 3339 text in UTC with
 * milliseconds (they sort as text), numbers are doubles as in JavaScript, truth is 0 or 1, and documents are JSON in text.
 */
import type { Category, Outcome, RunState, Saturation, Trigger } from '@he300/benchmark/contract';
import type { Role } from '../../api/access';

export interface RunTable {
  id: string;
  environment: string;
  state: RunState;
  created_at: string;
  /** By the clock of the dashboard, at whatever changed the row: the live feed asks by it. */
  changed_at: string;
  heard_at: string;
  /** Nothing heard for three times this long: lost. */
  silence_seconds: number;
  started_at: string | null;
  ended_at: string | null;
  /** Largest that was taken; -1 before the first. */
  last_seq: number;
  /** Ed25519, base64; null until a `run.started` has registered it. */
  public_key: string | null;

  model: string | null;
  model_digest: string | null;
  quantization: string | null;
  engine: string | null;
  spec: string | null;
  seed: number | null;
  sample_sha256: string | null;
  prompts_sha256: string | null;
  comparable: number | null;
  instance_type: string | null;
  gpu: string | null;
  trigger_kind: Trigger['kind'] | null;
  branch: string | null;
  commit_sha: string | null;
  pull_request: number | null;
  /** JSON of the newest `run.started`. */
  started: string | null;

  phase: string | null;
  done: number | null;
  total: number | null;
  done_correct: number | null;
  concurrency: number | null;
  tokens_per_second: number | null;
  eta_seconds: number | null;
  cost_usd: number | null;
  /** JSON: list of `{phase, from}`, each added when an event first names the phase. */
  phases: string;

  scenarios: number | null;
  correct: number | null;
  unknown: number | null;
  errors: number | null;
  accuracy: number | null;
  low95: number | null;
  high95: number | null;
  majority_baseline: number | null;
  requests_per_second: number | null;
  output_tokens_per_second: number | null;
  verdict: Saturation['verdict'] | null;
  chosen_concurrency: number | null;
  /** JSON of the event that ended it. */
  ended: string | null;
  /** As the event that ended it says. */
  results_sha256: string | null;
  /** Of a whole result that others may be held against: 1. */
  whole: number;

  signature: 'verified' | 'missing' | 'invalid';
  signature_problem: string | null;
  /** JSON of the results, once the artifact came and holds. */
  results: string | null;
}

export interface CategoryResultTable {
  run_id: string;
  category: Category;
  scenarios: number;
  correct: number;
  unknown: number;
  errors: number;
  accuracy: number;
  low95: number;
  high95: number;
  majority_baseline: number;
  /** JSON, or null where ETHICS defines no groups. */
  groups: string | null;
}

export interface SampleTable {
  run_id: string;
  /** Place in the sample, 0-based. */
  position: number;
  pass: 'scored' | 'rescored';
  scenario_id: string;
  category: Category;
  expected: number;
  outcome: Outcome;
  predicted: number | null;
  rule: string | null;
  answer: string;
  prompt_sha256: string;
  error_kind: string | null;
  error_message: string | null;
  attempts: number;
  concurrency: number;
  prompt_tokens: number | null;
  output_tokens: number | null;
  scheduled_at: string;
  queue_ms: number;
  first_token_ms: number | null;
  end_to_end_ms: number;
}

/** What was asked, once for all runs that asked it. */
export interface PromptTable {
  sha256: string;
  /** JSON: list of `{role, content}`. */
  messages: string;
  /** When a run last brought it: the retention goes by it. */
  seen_at: string | null;
}

export interface ArtifactTable {
  run_id: string;
  name: string;
  kind: string;
  bytes: number;
  sha256: string;
  content_type: string;
  stored_at: string;
}

export interface EventTable {
  /** `webhook-id`, once in its run. */
  delivery_id: string;
  run_id: string;
  seq: number;
  type: string;
  at: string;
  received_at: string;
  body_sha256: string;
  /** Null when the retention has taken it. */
  body: string | null;
}

/** What is known of a model without looking at its runs. */
export interface ModelTable {
  name: string;
  /** A model has one row for each specification that it was run with. */
  spec: string;
  first_seen_at: string;
  complete_runs: number;
  /** Newest whole run. */
  latest_run_id: string | null;
  latest_ended_at: string | null;
}

export interface TokenTable {
  id: string;
  name: string;
  role: Role;
  environment: string | null;
  /** SHA-256, hex: the token has 256 random bits, so that no slower hash is needed. */
  secret_sha256: string;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
}

export interface SessionTable {
  id_sha256: string;
  token_id: string;
  csrf_token: string;
  created_at: string;
  expires_at: string;
}

export interface WebhookKeyTable {
  environment: string;
  key_id: string;
  /** `whsec_` and base64: an HMAC key cannot be kept as a hash. */
  key: string;
  created_at: string;
  /** Null for the newest. */
  expires_at: string | null;
}

export interface AuditTable {
  id: string;
  at: string;
  actor: string;
  action: string;
  target: string;
  detail: string | null;
}

export interface Tables {
  run: RunTable;
  category_result: CategoryResultTable;
  sample: SampleTable;
  prompt: PromptTable;
  artifact: ArtifactTable;
  event: EventTable;
  model: ModelTable;
  token: TokenTable;
  session: SessionTable;
  webhook_key: WebhookKeyTable;
  audit: AuditTable;
}
