/** A token bucket for each sender (https://en.wikipedia.org/wiki/Token_bucket), in memory that cannot grow without end. */

/** Whoever was not seen for longest is forgotten, and starts with a full bucket. */
const MOST_SENDERS = 10_000;

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();

  /** A tenth of a minute’s requests may come at once. `perMinute` 0: no limit. */
  constructor(private readonly perMinute: number) {}

  /** Takes a request into account. @returns 0 when it may go on, else after how many seconds to come again */
  take(sender: string, nowMs: number): number {
    if (this.perMinute === 0) return 0;
    const perMs = this.perMinute / 60_000;
    const capacity = Math.max(this.perMinute / 10, 1);
    const { tokens, atMs } = this.buckets.get(sender) ?? { tokens: capacity, atMs: nowMs };
    const filled = Math.min(capacity, tokens + Math.max(nowMs - atMs, 0) * perMs);
    // Taken out and put back: a Map keeps the order of insertion, so that the first is who was not seen for longest.
    this.buckets.delete(sender);
    this.buckets.set(sender, { tokens: filled >= 1 ? filled - 1 : filled, atMs: nowMs });
    if (this.buckets.size > MOST_SENDERS) this.buckets.delete(this.buckets.keys().next().value!);
    return filled >= 1 ? 0 : Math.ceil((1 - filled) / perMs / 1000);
  }

  get size(): number {
    return this.buckets.size;
  }
}
