/** Runs the search for a concurrency against a real server. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Saturation } from '../contract/performance';
import type { Scenario } from '../contract/suite';
import type { Engine } from '../engines/engine';
import { LoadMeter, type WindowLimits } from '../load/meter';
import { searchConcurrency, type TriedWindow } from '../load/search';
import { verdictOf } from '../load/verdict';
import type { PromptSet } from '../prompts/prompt-set';

/** Without known slots the search stops here. */
const MOST_CONCURRENCY = 1024;

export interface FindOptions {
  readonly engine: Engine;
  readonly slots: number | null;
  readonly scenarios: readonly Scenario[];
  readonly promptSet: PromptSet;
  readonly requestTimeLimitMs: number;
  readonly onWindow: (window: TriedWindow) => void;
  readonly stop: AbortSignal;
  readonly limits?: WindowLimits;
}

/** @throws InputError when the server fails or the run is stopped */
export async function findConcurrency(options: FindOptions): Promise<Saturation> {
  const { slots, onWindow } = options;
  const mostConcurrency = slots === null ? MOST_CONCURRENCY : Math.ceil(slots * 1.25);
  const meter = new LoadMeter({ ...options, mostConcurrency });
  const loop = monitorEventLoopDelay({ resolution: 10 });
  loop.enable();
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  try {
    const result = await searchConcurrency({
      slots,
      mostConcurrency,
      measure: async (concurrency, reason) => {
        const window = await meter.measure(concurrency, reason);
        onWindow({ ...window, reason });
        return window;
      },
    });
    const { user, system } = process.cpuUsage(cpu);
    const client = {
      cpu: (user + system) / 1000 / (performance.now() - started),
      loopDelayP99Ms: Math.max(0, loop.percentile(99) / 1e6 - 10),
    };
    return {
      ...verdictOf(result, slots, client),
      chosenConcurrency: result.chosenConcurrency,
      peakTokensPerSecond: result.peakTokensPerSecond,
      windows: result.windows.map(({ concurrency, tokensPerSecond, requestsPerSecond, p95Ms, reason }) => {
        return { concurrency, tokensPerSecond, requestsPerSecond, p95Ms, reason };
      }),
    };
  } finally {
    loop.disable();
    await meter.end();
  }
}

/** What stands in the results when a person chose the concurrency. */
export const notSearched = (concurrency: number): Saturation => ({
  verdict: 'not-searched',
  evidence: [`${concurrency} in flight, as asked for`],
  chosenConcurrency: concurrency,
  peakTokensPerSecond: null,
  windows: [],
});
