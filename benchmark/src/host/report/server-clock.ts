/** How far the clock of this host is from the server's, by the `Date` of its answers: deliveries carry the server's time. */

/** Below it a correction would only follow the network. */
const SKEW_SECONDS = 5;

export class ServerClock {
  private offsetMs = 0;
  private told = 0;

  /** @param onSkew is told when the clocks are apart, in seconds; positive: the server is ahead */
  constructor(
    private readonly onSkew: (seconds: number) => void = () => undefined,
    private readonly now: () => number = Date.now,
  ) {}

  /** How far the server is ahead, in seconds; 0 when the clocks agree, or it was not heard yet. */
  get skewSeconds(): number {
    return Math.round(this.offsetMs / 1000);
  }

  nowSeconds(): number {
    return Math.floor((this.now() + this.offsetMs) / 1000);
  }

  /** @param date the `Date` header: whole seconds, cut off */
  observe(date: string | null, sentMs: number, receivedMs: number): void {
    const serverMs = date === null ? Number.NaN : Date.parse(date) + 500;
    if (Number.isNaN(serverMs)) return;
    const offsetMs = serverMs - (sentMs + receivedMs) / 2;
    this.offsetMs = Math.abs(offsetMs) > SKEW_SECONDS * 1000 ? offsetMs : 0;
    if (Math.abs(this.skewSeconds - this.told) > SKEW_SECONDS) {
      this.told = this.skewSeconds;
      this.onSkew(this.skewSeconds);
    }
  }
}
