/** Sends what waits in the outbox, in order and for as long as it takes: a dashboard that is gone delays events, and loses none. */
import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '../../load/backoff';
import type { HostLog } from '../log/host-log';
import type { Secret } from '../log/secret';
import type { Entry, Letter, Outbox } from './outbox';
import type { ServerClock } from './server-clock';
import { deliver, type Outcome } from './webhook';

export interface ReporterOptions {
  readonly outbox: Outbox;
  readonly log: HostLog;
  readonly clock: ServerClock;
  /** Of the dashboard. */
  readonly url: string;
  /** The environment's key; asked for again when the dashboard does not take it. */
  readonly key: () => Promise<Secret>;
  /** Longest wait between two attempts. @default 30 s */
  readonly mostWaitMs?: number;
}

const FIRST_WAIT_MS = 500;
/** A dashboard that stays away is told of again after so many attempts. */
const LOG_EVERY = 10;

export class Reporter {
  private readonly stopping = new AbortController();
  private wake: () => void = () => undefined;
  private attempts = 0;
  private key: Secret | undefined;
  private running: Promise<void> | undefined;
  private emptied: (() => void)[] = [];
  /** Nothing more is sent: the dashboard wants no events. */
  private closed = false;

  constructor(private readonly options: ReporterOptions) {}

  start(): void {
    this.running ??= this.loop();
  }

  /** There is something new in the outbox. */
  notify(): void {
    this.wake();
  }

  /** Resolves when nothing waits any more, or the signal is given. Returns whether all was sent. */
  async drained(signal: AbortSignal): Promise<boolean> {
    const tell = (): void => this.tellEmptied();
    signal.addEventListener('abort', tell);
    while (this.options.outbox.head() && !this.closed && !signal.aborted)
      await new Promise<void>((resolve) => this.emptied.push(resolve));
    signal.removeEventListener('abort', tell);
    return this.options.outbox.head() === undefined;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  private async loop(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted && !this.closed) {
      const entry = this.options.outbox.head();
      if (entry) {
        const waitMs = await this.attempt(entry);
        if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => undefined);
      } else {
        this.tellEmptied();
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
    }
    this.tellEmptied();
  }

  private tellEmptied(): void {
    for (const tell of this.emptied.splice(0)) tell();
  }

  /** Returns how long to wait before the next one. */
  private async attempt(entry: Entry): Promise<number> {
    const { outbox, log } = this.options;
    const outcome = await this.deliver(entry);
    const { id, type } = entry;
    switch (outcome.kind) {
      case 'arrived':
        if (this.attempts > 0) log.info('the dashboard takes events again', { after: this.attempts });
        this.attempts = 0;
        outbox.settle(entry, 'sent');
        return 0;
      case 'refused':
        this.attempts = 0;
        log.error('the dashboard will never take this event, which is set aside', {
          id,
          type,
          why: outcome.why,
        });
        outbox.settle(entry, 'refused');
        return 0;
      case 'gone':
        log.error('the dashboard wants no more events', { id, why: outcome.why });
        this.closed = true;
        return 0;
      case 'unauthorized':
        this.key = undefined;
        return this.waitAfter(entry, outcome.why, undefined);
      case 'later':
        return this.waitAfter(entry, outcome.why, outcome.retryAfterMs);
    }
  }

  private async deliver(letter: Letter): Promise<Outcome> {
    const { url, clock } = this.options;
    try {
      this.key ??= await this.options.key();
    } catch (error) {
      return { kind: 'later', why: (error as Error).message, retryAfterMs: undefined };
    }
    const before = clock.skewSeconds;
    const outcome = await deliver(letter, { url, key: this.key, clock });
    // The answer told that our time was wrong, and now it is right.
    return outcome.kind === 'unauthorized' && clock.skewSeconds !== before
      ? deliver(letter, { url, key: this.key, clock })
      : outcome;
  }

  private waitAfter({ id, type }: Entry, why: string, retryAfterMs: number | undefined): number {
    const { log, mostWaitMs = 30_000 } = this.options;
    const fields = { id, type, why, attempts: ++this.attempts };
    if (this.attempts % LOG_EVERY === 1) log.warn('the dashboard does not take events', fields);
    return retryAfterMs ?? backoffMs(this.attempts, FIRST_WAIT_MS, mostWaitMs);
  }
}
