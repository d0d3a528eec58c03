/**
 * The saturation controller: finds the smallest concurrency that brings nearly all of what a server can do, in few
 * windows. It doubles until that stops paying, halves the gaps that may hide something better, measures the best two
 * once more, and chooses. It knows nothing of clocks or networks: a window is measured by whoever calls it.
 */
import type { Telemetry } from '../contract/telemetry';
import { admitted } from './queue';

export interface Window {
  readonly concurrency: number;
  /** Prompt and output tokens: the work done. */
  readonly tokensPerSecond: number;
  readonly requestsPerSecond: number;
  readonly p95Ms: number;
  /** Requests that the server had no room for. */
  readonly refusals: number;
  /** What was seen of the machines meanwhile. @default - nobody looked */
  readonly telemetry?: Telemetry;
}

export interface TriedWindow extends Window {
  /** Why this concurrency was tried. */
  readonly reason: string;
}

export interface SearchOptions {
  /** Requests that the server works on at once; null when it is not known. */
  readonly slots: number | null;
  /** Never above this. */
  readonly mostConcurrency: number;
  readonly measure: (concurrency: number, reason: string) => Promise<Window>;
}

export interface SearchResult {
  readonly windows: readonly TriedWindow[];
  readonly chosenConcurrency: number;
  /** Mean of the windows at the best concurrency. */
  readonly peakTokensPerSecond: number;
  /** What ended the doubling. */
  readonly endedBy: 'flat' | 'slots' | 'most-concurrency' | 'windows';
}

export const MOST_WINDOWS = 14;

/** Beyond the slots requests only wait, but for a few that keep the slots filled. */
const SLOT_FACTOR = 1.25;
/** A doubling that brings less does not pay. */
const GAIN = 1.05;
/** What the chosen concurrency brings at least, of the peak. */
const ENOUGH = 0.95;
/** Windows of the same concurrency differ by about this much. */
const NOISE = 0.015;
/** A fall that no noise explains: the server is past its best. */
const FALL = 0.95;
/** Concurrencies at least this far apart tell a slope. */
const APART = 1.3;
/** Concurrencies closer together than this bring the same, within the noise. */
const FINEST = 1.04;
/** Kept back from the search for measuring again what it found. */
const CONFIRMATIONS = 2;

export async function searchConcurrency(options: SearchOptions): Promise<SearchResult> {
  const search = new Search(options);
  const endedBy = await search.double();
  await search.refine();
  await search.confirm();
  return { ...search.choice(), endedBy };
}

class Search {
  private readonly windows: TriedWindow[] = [];
  /** As the server told; else as its queue has shown, once a window was more than it takes. */
  private slots: number | null;

  constructor(private readonly options: SearchOptions) {
    this.slots = options.slots;
  }

  private get bound(): number {
    const most = this.slots === null ? Infinity : Math.ceil(this.slots * SLOT_FACTOR);
    return Math.max(1, Math.min(this.options.mostConcurrency, most));
  }

  async double(): Promise<SearchResult['endedBy']> {
    const { slots, mostConcurrency } = this.options;
    let concurrency = slots === null ? 1 : Math.max(1, Math.min(this.bound, Math.round(slots / 4)));
    await this.measure(concurrency, slots === null ? 'the least' : `a quarter of ${slots} slots`);
    for (let flat = 0; concurrency < this.bound;) {
      // Kept back: one window for either side of the best, and the confirmations.
      if (this.left() <= CONFIRMATIONS + 2) return 'windows';
      const before = this.best();
      const from = concurrency;
      concurrency = this.afterDoubling(concurrency);
      const now = await this.measure(
        concurrency,
        concurrency === slots ? 'all slots' : `doubled from ${from}`,
      );
      if (now < before.mean * FALL) return 'flat';
      flat = now < before.mean * GAIN ? flat + 1 : 0;
      if (flat === 2) return 'flat';
    }
    return this.slots !== null && this.bound < mostConcurrency ? 'slots' : 'most-concurrency';
  }

  /** The slots themselves are always tried on the way. */
  private afterDoubling(concurrency: number): number {
    const { slots } = this.options;
    const doubled = Math.min(concurrency * 2, this.bound);
    return slots !== null && concurrency < slots && doubled > slots * 0.8
      ? Math.min(slots, this.bound)
      : doubled;
  }

  /** Halves the gap that promises most, for as long as one promises more than the best. */
  async refine(): Promise<void> {
    while (this.left() > CONFIRMATIONS) {
      const passedOver = this.slotsPassedOver();
      const gap = passedOver === undefined ? this.mostPromisingGap() : undefined;
      if (passedOver !== undefined) await this.measure(passedOver, 'as many as the server works on at once');
      else if (gap) await this.measure(gap.middle, `between ${gap.low} and ${gap.high}`);
      else return;
    }
  }

  /** Slots that only the queue has shown, once more than they were tried. */
  private slotsPassedOver(): number | undefined {
    const { slots } = this;
    if (slots === null || slots > this.options.mostConcurrency) return undefined;
    return this.options.slots === null && this.at(slots).length === 0 ? slots : undefined;
  }

  /**
   * Throughput bends downwards against concurrency in log-log scale, until it breaks: so a gap hides at most what going on
   * as steeply as before would bring at its far end, just before a break.
   */
  private mostPromisingGap(): { low: number; high: number; middle: number; promise: number } | undefined {
    const points = this.points();
    const worthwhile = this.best().mean * (1 + NOISE);
    return points
      .slice(1)
      .flatMap((far, i) => {
        const [low, high] = [points[i]!.concurrency, far.concurrency];
        const middle = Math.round(Math.sqrt(low * high));
        if (middle === low || middle === high || high / low < FINEST) return [];
        if (this.slots !== null && low >= this.slots) return [];
        const promise = points[i]!.mean * (high / low) ** this.steepnessBefore(points, i);
        return promise > worthwhile ? [{ low, high, middle, promise }] : [];
      })
      .sort((a, b) => b.promise - a.promise)[0];
  }

  /** Slope in log-log scale up to a point, from 0 to 1. Points close together would only tell the noise. */
  private steepnessBefore(points: readonly { concurrency: number; mean: number }[], index: number): number {
    const to = points[index]!;
    const from = points.slice(0, index).findLast(({ concurrency }) => concurrency * APART <= to.concurrency);
    if (!from) return 1;
    const slope = Math.log(to.mean / from.mean) / Math.log(to.concurrency / from.concurrency);
    return Math.min(1, Math.max(0, slope));
  }

  /** The best two once more: the best of many noisy windows is partly luck. */
  async confirm(): Promise<void> {
    const [first, second] = [...this.points()].sort((a, b) => b.mean - a.mean);
    for (const point of [first, second]) {
      if (point && this.left() > 0) await this.measure(point.concurrency, 'to confirm it');
    }
    // The one to be chosen stands on one window only, and the noise may have lifted it.
    const { chosenConcurrency } = this.choice();
    if (this.left() > 0 && this.at(chosenConcurrency).length === 1)
      await this.measure(chosenConcurrency, 'to confirm the choice');
  }

  choice(): Omit<SearchResult, 'endedBy'> {
    const peak = this.best().mean;
    const enough = this.points().find(({ mean, count }) => mean >= peak * (ENOUGH + NOISE / count))!;
    return { windows: this.windows, chosenConcurrency: enough.concurrency, peakTokensPerSecond: peak };
  }

  private async measure(concurrency: number, reason: string): Promise<number> {
    const window = { ...(await this.options.measure(concurrency, reason)), reason };
    this.windows.push(window);
    if (this.options.slots === null) this.slots = admitted(window) ?? this.slots;
    return window.tokensPerSecond;
  }

  private left(): number {
    return MOST_WINDOWS - this.windows.length;
  }

  private at(concurrency: number): readonly TriedWindow[] {
    return this.windows.filter((window) => window.concurrency === concurrency);
  }

  /** What was measured at each concurrency, ascending. */
  private points(): { concurrency: number; mean: number; count: number }[] {
    return [...new Set(this.windows.map(({ concurrency }) => concurrency))]
      .sort((a, b) => a - b)
      .map((concurrency) => {
        const windows = this.at(concurrency);
        const total = windows.reduce((sum, { tokensPerSecond }) => sum + tokensPerSecond, 0);
        return { concurrency, mean: total / windows.length, count: windows.length };
      });
  }

  private best() {
    return this.points().reduce((best, point) => (point.mean > best.mean ? point : best));
  }
}
