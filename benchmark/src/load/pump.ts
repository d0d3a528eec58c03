/** Keeps a number of requests in flight: the closed loop that every pass runs in. */
import { setMaxListeners } from 'node:events';
import { type Answer, type Engine, type Question, RequestFailure } from '../engines/engine';
import { backoffMs, sleep } from './backoff';
import { Breaker } from './breaker';
import type { Gate } from './gate';

/** One question and what became of it. Times are `performance.now()`. */
export interface Exchange<T extends Question> {
  readonly question: T;
  /** When its place in the loop became free: latencies count from here. */
  readonly dueMs: number;
  /** When it was first sent. */
  readonly sentMs: number;
  readonly endMs: number;
  readonly outcome: Answer | RequestFailure;
  /** Requests that it took. */
  readonly attempts: number;
  /** Requests in flight when it was sent, itself included. */
  readonly concurrency: number;
}

export interface PumpOptions<T extends Question> {
  readonly engine: Engine;
  readonly gate: Gate;
  /** Loops to run; the gate lets at most as many through as it wants. */
  readonly loops: number;
  /** The next question; undefined ends a loop. */
  readonly next: () => T | undefined;
  readonly onExchange: (exchange: Exchange<T>) => void;
  /** @default - nobody listens */
  readonly onPiece?: (question: T) => void;
  /** The server had no room: the question is asked again later. @default - nobody listens */
  readonly onRefusal?: () => void;
  /** Of one request. */
  readonly timeLimitMs: number;
  /** Failed requests of one question, without those that the server had no room for. */
  readonly mostFailures: number;
  readonly breaker?: Breaker;
  /** Ends the loops; what is in flight is dropped. */
  readonly stop: AbortSignal;
}

/** Failures that would only repeat themselves. */
const FINAL: ReadonlySet<RequestFailure['kind']> = new Set(['too-large', 'client']);

/** How long a question waits for a server that is overloaded. */
const OVERLOAD_PATIENCE_MS = 600_000;

/** Resolves when every loop has ended. @throws InputError when the server is gone, and whatever a callback throws */
export async function pump<T extends Question>(options: PumpOptions<T>): Promise<void> {
  const breaker = options.breaker ?? new Breaker();
  const pumping = new Pumping(options, breaker);
  const { stop } = options;
  const wake = (): void => breaker.wake();
  // Every loop that waits listens to it.
  setMaxListeners(0, stop);
  stop.addEventListener('abort', wake);
  const loops = await Promise.allSettled(Array.from({ length: options.loops }, () => pumping.loop()));
  stop.removeEventListener('abort', wake);
  const broken = loops.find((loop) => loop.status === 'rejected');
  if (broken) throw broken.reason;
}

class Pumping<T extends Question> {
  private broken = false;

  constructor(
    private readonly options: PumpOptions<T>,
    private readonly breaker: Breaker,
  ) {}

  async loop(): Promise<void> {
    const { gate, next, stop, onExchange } = this.options;
    try {
      for (;;) {
        const room = gate.enter();
        if (room) await room;
        const dueMs = performance.now();
        try {
          const question = stop.aborted || this.broken ? undefined : next();
          if (question === undefined) return;
          const exchange = await this.exchange(question, dueMs);
          if (exchange) onExchange(exchange);
        } finally {
          gate.leave();
        }
      }
    } catch (error) {
      // The other loops end after their next answer.
      this.broken = true;
      throw error;
    }
  }

  /** Undefined when the run was stopped meanwhile. */
  private async exchange(question: T, dueMs: number): Promise<Exchange<T> | undefined> {
    const { engine, gate, timeLimitMs, mostFailures, stop, onPiece } = this.options;
    const listener = onPiece && ((): void => onPiece(question));
    const concurrency = gate.inFlight;
    const sentMs = performance.now();
    let failures = 0;
    for (let attempts = 1; ; attempts++) {
      if (this.breaker.isOpen) await this.breaker.pass(stop);
      const outcome = await engine.ask(question, timeLimitMs, listener).catch(asFailure);
      if (stop.aborted) return undefined;
      this.tell(outcome);
      const ended = (): Exchange<T> => {
        return { question, dueMs, sentMs, endMs: performance.now(), outcome, attempts, concurrency };
      };
      if (!(outcome instanceof RequestFailure)) return ended();

      if (outcome.kind === 'overloaded') {
        if (performance.now() - dueMs > OVERLOAD_PATIENCE_MS) return ended();
        await sleep(outcome.retryAfterMs ?? backoffMs(attempts), stop);
        continue;
      }
      // A server that is not there says nothing about the question: the breaker ends this, not the count.
      if (outcome.kind === 'refused') continue;
      failures++;
      if (failures >= mostFailures || FINAL.has(outcome.kind)) return ended();
      await sleep(backoffMs(failures), stop);
    }
  }

  private tell(outcome: Answer | RequestFailure): void {
    const { gate, onRefusal } = this.options;
    if (!(outcome instanceof RequestFailure)) {
      gate.answered();
      this.breaker.answered();
    } else if (outcome.kind === 'overloaded') {
      gate.refused(outcome.message);
      onRefusal?.();
      this.breaker.answered();
    } else if (outcome.kind !== 'client') {
      // What was never sent tells nothing of the server.
      this.breaker.failed(outcome.message, outcome.kind !== 'refused');
    }
  }
}

function asFailure(error: unknown): RequestFailure {
  if (error instanceof RequestFailure) return error;
  throw error;
}
