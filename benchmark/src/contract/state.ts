/** What a run is doing, as its events tell. */
import * as z from 'zod';
import type { RunEvent } from './event';

export const RUN_STATES = ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'LOST'] as const;

export const runState = z
  .enum(RUN_STATES)
  .describe('`LOST`: the heartbeat stopped; it goes back to `RUNNING` when the host speaks again.');
export type RunState = z.infer<typeof runState>;

/** States that no event leaves. */
export const TERMINAL_STATES: readonly RunState[] = ['COMPLETED', 'FAILED', 'CANCELLED'];

const STATE_AFTER: Readonly<Record<RunEvent['type'], RunState>> = {
  'run.started': 'RUNNING',
  'run.progress': 'RUNNING',
  'run.heartbeat': 'RUNNING',
  'run.completed': 'COMPLETED',
  'run.failed': 'FAILED',
  'run.cancelled': 'CANCELLED',
};

/**
 * State of a run after an event. A terminal state sticks, with one exception: a run that failed because its host was
 * taken away may be resumed, and its next `run.started` says so.
 */
export function stateAfter(
  current: RunState,
  event: Pick<RunEvent, 'type'> & { readonly resumed?: boolean },
): RunState {
  const resumes = current === 'FAILED' && event.type === 'run.started' && event.resumed === true;
  return TERMINAL_STATES.includes(current) && !resumes ? current : STATE_AFTER[event.type];
}
