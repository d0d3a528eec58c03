/** A host's life as a state machine: where it is, and what follows from what happened. Pure; `live.ts` does the work. */
import type { Phase } from '../../contract/event';
import { PHASE_RULES, type PhaseRule } from './rules';

/** Why the host must end before its work is done. */
export type StopReason = 'time-limit' | 'spot-notice' | 'signal';

export interface Failure {
  readonly phase: Phase;
  readonly cause: string;
  /** The host was taken away: another may continue the run. */
  readonly interrupted: boolean;
}

export interface LifeState {
  readonly phase: Phase | 'ended';
  /** Of the phase, from 1. */
  readonly attempt: number;
  /** Index of the model whose run it is. */
  readonly model: number;
  /** Why that run did not complete; null while it may. */
  readonly failure: Failure | null;
  readonly stop: StopReason | null;
}

export type LifeEvent =
  | { readonly type: 'done' }
  /** @param again whether another attempt may end otherwise */
  | { readonly type: 'failed'; readonly cause: string; readonly again: boolean }
  | { readonly type: 'stop'; readonly reason: StopReason };

export interface Life {
  /** Models to score, one run each. */
  readonly models: number;
  /** @default PHASE_RULES */
  readonly rules?: Readonly<Record<Phase, PhaseRule>>;
}

export const BORN: LifeState = { phase: 'arm', attempt: 1, model: 0, failure: null, stop: null };

/** What follows a phase that is done, while nothing is wrong. `report` is not here: the next model may follow it. */
const AFTER = {
  arm: 'identity',
  identity: 'secrets',
  secrets: 'tunnel',
  tunnel: 'model-server',
  'model-server': 'preflight',
  preflight: 'run',
  run: 'report',
} as const satisfies Partial<Record<Phase, Phase>>;

/** A failure in one of these is the failure of every run of the host. */
const OF_THE_HOST: ReadonlySet<Phase> = new Set(['arm', 'identity', 'secrets', 'tunnel']);

/** Phases that a stop does not end: they are what it is for. */
export const LAST_PHASES: ReadonlySet<LifeState['phase']> = new Set(['report', 'off', 'ended']);

/** Whether the runs of the models that follow have failed with this one. */
export const endsAll = ({ failure, stop }: Pick<LifeState, 'failure' | 'stop'>): boolean =>
  stop !== null || (failure !== null && OF_THE_HOST.has(failure.phase));

export function next(state: LifeState, event: LifeEvent, life: Life): LifeState {
  const { phase } = state;
  if (phase === 'ended') return state;
  if (event.type === 'stop') return state.stop === null ? { ...state, stop: event.reason } : state;
  if (phase === 'off') return into(state, 'ended');
  if (phase === 'report') return afterReport(state, life);

  if (event.type === 'failed') {
    const { attempts } = (life.rules ?? PHASE_RULES)[phase];
    if (event.again && state.attempt < attempts && state.stop === null)
      return { ...state, attempt: state.attempt + 1 };
    const failure = { phase, cause: event.cause, interrupted: state.stop !== null };
    return { ...into(state, 'report'), failure };
  }
  // A run that is complete is complete, also when the host is being stopped.
  if (state.stop === null || phase === 'run') return into(state, AFTER[phase]);
  const failure = { phase, cause: STOPPED_BY[state.stop], interrupted: true };
  return { ...into(state, 'report'), failure };
}

function afterReport(state: LifeState, { models }: Life): LifeState {
  const model = state.model + 1;
  if (endsAll(state) || model >= models) return into(state, 'off');
  return { ...into(state, 'model-server'), model, failure: null };
}

const into = (state: LifeState, phase: LifeState['phase']): LifeState => ({ ...state, phase, attempt: 1 });

/** As the cause of a failure says it. */
export const STOPPED_BY: Readonly<Record<StopReason, string>> = {
  'time-limit': 'the host’s time is over',
  'spot-notice': 'the cloud takes the host back',
  signal: 'the host was told to stop',
};
