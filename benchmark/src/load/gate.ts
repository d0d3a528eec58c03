/**
 * How many requests may be in flight. A server that says it has too many halves the number; answers win it back one by
 * one (additive increase, multiplicative decrease: D. Chiu, R. Jain, Computer Networks and ISDN Systems 17 (1989) 1–14).
 */
export interface ConcurrencyChange {
  /** `performance.now()`. */
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** Requests that were in flight together are refused together: that is one sign, not many. */
const ONE_SIGN_MS = 1_000;

export class Gate {
  private limit: number;
  private inside = 0;
  private answersSinceChange = 0;
  private lastDecreaseMs = Number.NEGATIVE_INFINITY;
  private readonly waiting: (() => void)[] = [];
  readonly changes: ConcurrencyChange[] = [];

  /**
   * @param wanted never exceeded
   * @param adaptive false holds the number whatever the server says: to find out what it does with so many
   */
  constructor(
    private wanted: number,
    private readonly adaptive = true,
  ) {
    this.limit = wanted;
  }

  /** Requests in flight. */
  get inFlight(): number {
    return this.inside;
  }

  /** Undefined when there is room at once, which is the common case. */
  enter(): Promise<void> | undefined {
    if (this.inside < this.limit) {
      this.inside++;
      return undefined;
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  leave(): void {
    this.inside--;
    this.admit();
  }

  /** Another number is wanted from now on. */
  want(concurrency: number, reason: string): void {
    this.wanted = concurrency;
    this.change(concurrency, reason);
  }

  answered(): void {
    if (this.limit >= this.wanted || ++this.answersSinceChange < this.limit) return;
    this.change(this.limit + 1, `${this.answersSinceChange} answers without a refusal`);
  }

  /** @param why what the server said */
  refused(why: string): void {
    if (!this.adaptive) return;
    const now = performance.now();
    if (now - this.lastDecreaseMs < ONE_SIGN_MS || this.limit === 1) return;
    this.lastDecreaseMs = now;
    this.change(Math.max(1, Math.floor(this.limit / 2)), why);
  }

  private change(to: number, reason: string): void {
    this.answersSinceChange = 0;
    if (to === this.limit) return;
    this.changes.push({ atMs: performance.now(), from: this.limit, to, reason });
    this.limit = to;
    this.admit();
  }

  private admit(): void {
    while (this.inside < this.limit && this.waiting.length > 0) {
      this.inside++;
      this.waiting.shift()!();
    }
  }
}
