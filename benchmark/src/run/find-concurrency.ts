/** Runs the search for a concurrency against a real server. */
import type { Saturation } from '../contract/performance';
import type { Scenario } from '../contract/suite';
import type { Telemetry } from '../contract/telemetry';
import type { Engine } from '../engines/engine';
import { findingsOf } from '../load/evidence';
import { loadOf } from '../load/evidence/client';
import { boundOf } from '../load/evidence/gpu';
import { LoadMeter, type WindowLimits } from '../load/meter';
import { searchConcurrency, type TriedWindow } from '../load/search';
import { fastestOf, verdictOf } from '../load/verdict';
import type { PromptSet } from '../prompts/prompt-set';
import { Client } from '../telemetry/client';
import { Host } from '../telemetry/host';
import { Sampler } from '../telemetry/sampler';

/** Without known slots the search stops here. */
const MOST_CONCURRENCY = 1024;

export interface FindOptions {
  readonly engine: Engine;
  readonly slots: number | null;
  readonly scenarios: readonly Scenario[];
  readonly promptSet: PromptSet;
  readonly requestTimeLimitMs: number;
  readonly onWindow: (window: TriedWindow) => void;
  /** Looks at the machines during each window. @default - one that sees only the runner and its machine */
  readonly sampler?: Sampler;
  readonly stop: AbortSignal;
  readonly limits?: WindowLimits;
}

/** @throws InputError when the server fails or the run is stopped */
export async function findConcurrency(options: FindOptions): Promise<Saturation> {
  const { slots, onWindow } = options;
  const mostConcurrency = slots === null ? MOST_CONCURRENCY : Math.ceil(slots * 1.25);
  const own = options.sampler ? undefined : new Sampler({ sources: [new Client(), new Host()] });
  const meter = new LoadMeter({ ...options, ...(own ? { sampler: own } : {}), mostConcurrency });
  try {
    const result = await searchConcurrency({
      slots,
      mostConcurrency,
      measure: async (concurrency, reason) => {
        const window = await meter.measure(concurrency, reason);
        const { telemetry: _, ...figures } = window;
        onWindow({ ...figures, reason });
        return window;
      },
    });
    const telemetry = fastestOf(result.windows)?.telemetry ?? null;
    return {
      ...verdictOf(result, slots, loadOf(telemetry?.client ?? null)),
      chosenConcurrency: result.chosenConcurrency,
      peakTokensPerSecond: result.peakTokensPerSecond,
      windows: result.windows.map(({ concurrency, tokensPerSecond, requestsPerSecond, p95Ms, reason }) => {
        return { concurrency, tokensPerSecond, requestsPerSecond, p95Ms, reason };
      }),
      telemetry,
    };
  } finally {
    await meter.end();
    await own?.close();
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

/** Without a search there is no window to read off what was slow: the scored pass itself has to show it. */
export function withHeadroom(saturation: Saturation, scored: Telemetry): Saturation {
  if (saturation.verdict !== 'not-searched') return saturation;
  const { evidence, warnings, unknowns } = findingsOf(scored, saturation.chosenConcurrency);
  return {
    ...saturation,
    evidence: [...saturation.evidence, ...evidence],
    warnings: [...warnings],
    unknowns: [...unknowns],
    bound: boundOf(scored.gpus),
  };
}
