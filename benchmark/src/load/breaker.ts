/** Circuit breaker: when a server stops answering, one request at a time finds out whether it is back. */
import { InputError } from '../errors';
import { sleep } from './backoff';

export interface BreakerOptions {
  /** Requests without a whole answer, one after another, that open it. */
  readonly failures: number;
  /** Requests that found no server, one after another, that open it: one alone may be a connection that had just ended. */
  readonly refusals: number;
  /** How long a server may be gone. */
  readonly patienceMs: number;
  /** Between two tries while it is open. */
  readonly retryMs: number;
}

export const BREAKER: BreakerOptions = { failures: 20, refusals: 2, patienceMs: 60_000, retryMs: 1_000 };

export class Breaker {
  private failures = 0;
  private refusals = 0;
  private openedMs: number | undefined;
  private trying = false;
  private gone: InputError | undefined;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly options: BreakerOptions = BREAKER) {}

  get isOpen(): boolean {
    return this.openedMs !== undefined;
  }

  /** Resolves when a request may be sent. @throws InputError when the server did not come back */
  async pass(stop: AbortSignal): Promise<void> {
    while (this.isOpen && !this.gone && !stop.aborted) {
      if (!this.trying) {
        this.trying = true;
        await sleep(this.options.retryMs, stop);
        return;
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    if (this.gone) throw this.gone;
  }

  answered(): void {
    this.failures = this.refusals = 0;
    this.openedMs = undefined;
    this.wake();
  }

  /** @param connected whether there was a server at all */
  failed(message: string, connected: boolean): void {
    this.failures++;
    this.refusals = connected ? 0 : this.refusals + 1;
    const { failures, refusals } = this.options;
    if (this.failures >= failures || this.refusals >= refusals) this.openedMs ??= performance.now();
    if (this.openedMs !== undefined) {
      const goneMs = performance.now() - this.openedMs;
      if (goneMs >= this.options.patienceMs) {
        const seconds = Math.round(goneMs / 1000);
        this.gone = new InputError(
          `the server has not answered for ${seconds} s: ${message}; start it and resume`,
        );
      }
    }
    this.wake();
  }

  /** Lets those who wait look again. */
  wake(): void {
    this.trying = false;
    for (const resume of this.waiting.splice(0)) resume();
  }
}
