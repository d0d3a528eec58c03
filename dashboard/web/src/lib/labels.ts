/** The contract's words as people read them. Typed by the contract: a word that is added there is missed here at once. */
import type { Category, Outcome, RunState, Saturation, Trigger } from '@he300/benchmark/contract';

export const STATES: readonly RunState[] = ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'LOST'];
/** States that no event leaves. */
export const ENDED: readonly RunState[] = ['COMPLETED', 'FAILED', 'CANCELLED'];

export const STATE_LABEL: Readonly<Record<RunState, string>> = {
  PENDING: 'Pending',
  RUNNING: 'Running',
  COMPLETED: 'Completed',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
  LOST: 'Lost',
};

export const CATEGORIES: readonly Category[] = [
  'commonsense',
  'commonsense_hard',
  'deontology',
  'justice',
  'virtue',
];

export const CATEGORY_LABEL: Readonly<Record<Category, string>> = {
  commonsense: 'Commonsense',
  commonsense_hard: 'Commonsense, hard',
  deontology: 'Deontology',
  justice: 'Justice',
  virtue: 'Virtue',
};

export const OUTCOME_LABEL: Readonly<Record<Outcome, string>> = {
  correct: 'Correct',
  wrong: 'Wrong',
  unknown: 'Unknown',
  error: 'Error',
};

export const SATURATION_LABEL: Readonly<Record<Saturation['verdict'], string>> = {
  saturated: 'Saturated',
  'limited-by-slots': 'Limited by slots',
  'limited-by-client': 'Limited by the client',
  'limited-by-server-queue': 'Limited by the server’s queue',
  'not-saturated': 'Not saturated',
  'not-searched': 'Not searched',
};

export const TRIGGER_LABEL: Readonly<Record<Trigger['kind'], string>> = {
  manual: 'By hand',
  'pull-request': 'Pull request',
  push: 'Push',
  schedule: 'Schedule',
  dispatch: 'Dispatch',
};

export const SPECS = ['1.0', '1.1', '1.2', 'starter'] as const;

/** Until when a run is known to have gone on; null: it goes on. */
export const lastSign = (run: {
  readonly state: RunState;
  readonly endedAt: string | null;
  readonly heardAt: string;
}): string | null => run.endedAt ?? (run.state === 'LOST' ? run.heardAt : null);
