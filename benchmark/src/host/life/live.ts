/** Lives a host's life: does the work of each phase within its limits, and moves on as `machine.ts` says. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Phase } from '../../contract/event';
import { InputError } from '../../errors';
import { messageOf, type HostLog } from '../log/host-log';
import {
  BORN,
  LAST_PHASES,
  next,
  STOPPED_BY,
  type Life,
  type LifeEvent,
  type LifeState,
  type StopReason,
} from './machine';
import { PHASE_RULES, pauseSecondsAfter } from './rules';

/**
 * Does what is to be done in a phase. The signal is given when its time is over or the host must stop; what is thrown is
 * the cause of the failure, and for an InputError no other attempt is made.
 */
export type Work = (state: LifeState & { readonly phase: Phase }, signal: AbortSignal) => Promise<void>;

/** After the signal, how long the work may take to come to its end before it is left alone. */
const TO_THE_END_MS = 45_000;

export class Living {
  private state: LifeState = BORN;
  private readonly stopping = new AbortController();

  constructor(
    private readonly life: Life,
    private readonly work: Work,
    private readonly log: HostLog,
    private readonly toTheEndMs: number = TO_THE_END_MS,
  ) {}

  /** Index of the model whose run it is. */
  get model(): number {
    return this.state.model;
  }

  /** Given when the host must end. */
  get stopped(): AbortSignal {
    return this.stopping.signal;
  }

  /** The host must end. May be called at any time, and again. */
  stop(reason: StopReason): void {
    if (this.state.stop === null && this.state.phase !== 'ended')
      this.log.warn('the host must stop', { reason, why: STOPPED_BY[reason] });
    this.move({ type: 'stop', reason });
    this.stopping.abort(new Error(STOPPED_BY[reason]));
  }

  /** Resolves when the life is over. */
  async live(): Promise<LifeState> {
    while (this.state.phase !== 'ended') {
      const { phase, attempt, model } = this.state;
      this.log.phase = phase;
      await this.pause(phase, attempt);
      this.log.info('phase begins', { attempt, model });
      const startedMs = performance.now();
      const event = await this.attempt({ ...this.state, phase });
      const seconds = Math.round(performance.now() - startedMs) / 1000;
      if (event.type === 'failed') this.log.error('phase failed', { attempt, seconds, cause: event.cause });
      else this.log.info('phase is done', { attempt, seconds });
      this.move(event);
    }
    return this.state;
  }

  private move(event: LifeEvent): void {
    this.state = next(this.state, event, this.life);
  }

  private async pause(phase: Phase, attempt: number): Promise<void> {
    if (attempt === 1) return;
    const seconds = pauseSecondsAfter(this.rule(phase), attempt - 1);
    await delay(seconds * 1000, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async attempt(state: LifeState & { readonly phase: Phase }): Promise<LifeEvent> {
    const { timeLimitSeconds } = this.rule(state.phase);
    const over = new AbortController();
    const timer =
      timeLimitSeconds === null
        ? undefined
        : setTimeout(
            () => over.abort(new Error(`no end within ${timeLimitSeconds} s`)),
            timeLimitSeconds * 1000,
          );
    const ends = LAST_PHASES.has(state.phase) ? [over.signal] : [over.signal, this.stopping.signal];
    const signal = AbortSignal.any(ends);
    try {
      await Promise.race([this.work(state, signal), leftAlone(signal, this.toTheEndMs)]);
      return { type: 'done' };
    } catch (error) {
      return { type: 'failed', cause: messageOf(error), again: !(error instanceof InputError) };
    } finally {
      clearTimeout(timer);
      over.abort();
    }
  }

  private rule(phase: Phase) {
    return (this.life.rules ?? PHASE_RULES)[phase];
  }
}

/** Rejects some time after the signal. */
function leftAlone(signal: AbortSignal, afterMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    const leave = (): void => void setTimeout(() => reject(signal.reason as Error), afterMs).unref();
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}
