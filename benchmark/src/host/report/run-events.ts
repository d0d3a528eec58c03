/** What a host tells of one run: makes the events, signs them by the run's key, and puts them into the outbox. */
import { sign, type KeyObject } from 'node:crypto';
import { MAX_EVENT_BYTES } from '../../contract/delivery';
import { runEvent, type Phase, type RunEvent } from '../../contract/event';
import type { Results } from '../../contract/results';
import type { Plan } from '../../run/plan';
import type { RunProgress } from '../../run/progress';
import { publicKeyOf } from '../../run/signing';
import type { Failure } from '../life/machine';
import type { Redactor } from '../log/redactor';
import type { Outbox } from './outbox';

export interface RunEventsOptions {
  readonly runId: string;
  /** Of the run: what it signs its results with. */
  readonly key: KeyObject;
  readonly outbox: Outbox;
  readonly redactor: Redactor;
  /** Called when there is something to send. */
  readonly notify: () => void;
  /** Whether another host began the run: until this one has said so, the dashboard takes nothing else from it. @default false */
  readonly isResumed?: boolean;
  /** @default 30 */
  readonly heartbeatSeconds?: number;
  /** Shortest time between two tellings of progress. @default 5 */
  readonly progressSeconds?: number;
  /** @default - the system's clock */
  readonly now?: () => Date;
}

/** Without what every event has. */
type Told<E extends RunEvent = RunEvent> = E extends RunEvent ? Omit<E, 'runId' | 'seq' | 'at'> : never;
type Scored = Extract<RunProgress, { type: 'scored' }>;

const TERMINAL = ['run.completed', 'run.failed', 'run.cancelled'] as const;

export class RunEvents {
  private lastToldMs = Number.NEGATIVE_INFINITY;
  private lastProgressMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: RunEventsOptions) {}

  get runId(): string {
    return this.options.runId;
  }

  /** Whether its end was told. */
  get isOver(): boolean {
    return this.options.outbox.has(this.runId, ...TERMINAL);
  }

  get isStarted(): boolean {
    return this.options.outbox.has(this.runId, 'run.started');
  }

  /** Once on each host. */
  started(plan: Plan, environment: string): void {
    if (this.isStarted || this.isOver) return;
    const { trigger, suite, prompts, model, engine, host, runner, price } = plan;
    const facts = { environment, trigger, suite, prompts, model, engine, host, runner, price };
    const { key, isResumed: resumed = false } = this.options;
    this.tell({ type: 'run.started', publicKey: publicKeyOf(key), resumed, ...facts });
  }

  progress(phase: Phase, scored: Scored): void {
    const { progressSeconds = 5, outbox } = this.options;
    const last = scored.done === scored.total;
    if (!last && this.nowMs() - this.lastProgressMs < progressSeconds * 1000) return;
    // Nobody listens: what waits says enough until somebody does.
    if (outbox.isWaiting(this.runId, 'run.progress')) return;
    this.lastProgressMs = this.nowMs();
    const { done, total, correct, concurrency, outputTokensPerSecond, etaSeconds, costUsd } = scored;
    const figures = { done, total, correct, concurrency, etaSeconds, costUsd };
    this.tell({ type: 'run.progress', phase, ...figures, tokensPerSecond: outputTokensPerSecond });
  }

  /** To be called often: tells only when nothing else was told for as long as was promised. */
  heartbeat(phase: Phase): void {
    const { heartbeatSeconds = 30, outbox, isResumed = false } = this.options;
    if (isResumed && !this.isStarted) return;
    if (this.isOver || this.nowMs() - this.lastToldMs < heartbeatSeconds * 1000) return;
    if (outbox.isWaiting(this.runId, 'run.heartbeat', 'run.progress')) return;
    this.tell({ type: 'run.heartbeat', phase, nextWithinSeconds: heartbeatSeconds });
  }

  completed(results: Results, resultsSha256: string): void {
    const { score, performance, cost } = results;
    const { requestsPerSecond, outputTokensPerSecond, seconds } = performance.total;
    const { verdict, chosenConcurrency } = performance.saturation;
    this.end({
      type: 'run.completed',
      resultsSha256,
      overall: score.overall,
      categories: score.categories,
      throughput: { requestsPerSecond, outputTokensPerSecond, seconds },
      saturation: { verdict, chosenConcurrency },
      costUsd: cost.spentUsd,
    });
  }

  /** @param scored part of the sample that has its outcome */
  failed({ phase, cause, interrupted }: Failure, logTail: string, scored: number): void {
    const tail = plain(logTail).slice(-4_000);
    this.end({
      type: 'run.failed',
      phase,
      cause: plain(cause).slice(0, 500),
      logTail: tail,
      interrupted,
      scored,
    });
  }

  private end(event: Told): void {
    if (!this.isOver) this.tell(event);
  }

  private tell(event: Told): void {
    const { outbox, key, notify, runId } = this.options;
    const at = new Date(this.nowMs()).toISOString();
    outbox.append(runId, event.type, (seq) => {
      const body = this.bodyOf({ ...event, runId, seq, at } as RunEvent);
      const signature = sign(null, Buffer.from(body), key).toString('base64');
      return { id: `${runId}_${seq}`, body, runSignature: event.type === 'run.started' ? null : signature };
    });
    this.lastToldMs = this.nowMs();
    notify();
  }

  private bodyOf(event: RunEvent): string {
    const body = this.options.redactor.redact(JSON.stringify(event));
    if (Buffer.byteLength(body) > MAX_EVENT_BYTES && event.type === 'run.failed')
      return this.bodyOf({ ...event, logTail: event.logTail.slice(-event.logTail.length / 2) });
    runEvent.parse(JSON.parse(body));
    return body;
  }

  private nowMs(): number {
    return (this.options.now?.() ?? new Date()).getTime();
  }
}

/** As the contract's texts are: no control characters but tab and line feed. */
const plain = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ');
