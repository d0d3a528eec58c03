/** Scenarios for what they cost: a second, a dollar, a watt-hour. */
import type { Results } from '../contract/results';
import type { Telemetry } from '../contract/telemetry';

/** Null where what it needs is not known. */
export interface Yield {
  readonly perSecond: number | null;
  readonly perUsd: number | null;
  readonly perWattHour: number | null;
}

export interface Efficiency {
  /** While the scenarios were asked: the steady rate, the price by the hour, the mean power of the GPUs. */
  readonly scoring: Yield;
  /** From begin to end, with the search for a concurrency, and with the pauses of a run that was resumed. */
  readonly wholeRun: Yield;
}

export function efficiencyOf({ score, performance, cost, startedAt, endedAt }: Results): Efficiency {
  const { scenarios } = score.overall;
  const perSecond = (performance.steady ?? performance.total).requestsPerSecond;
  const perHour = perSecond * 3600;
  const watts = meanWatts(performance.telemetry ?? null);
  return {
    scoring: {
      perSecond,
      perUsd: ratio(perHour, cost.usdPerHour),
      perWattHour: ratio(perHour, watts),
    },
    wholeRun: {
      perSecond: ratio(scenarios, (Date.parse(endedAt) - Date.parse(startedAt)) / 1000),
      perUsd: ratio(scenarios, cost.spentUsd),
      perWattHour: ratio(scenarios, cost.wattHours),
    },
  };
}

/** Of all GPUs together; null when any does not tell. */
function meanWatts(telemetry: Telemetry | null): number | null {
  const powers = telemetry?.gpus?.map(({ powerWatts }) => powerWatts?.mean ?? null) ?? [];
  if (powers.length === 0 || powers.includes(null)) return null;
  return powers.reduce<number>((sum, watts) => sum + watts!, 0);
}

const ratio = (part: number, whole: number | null): number | null =>
  whole === null || !(whole > 0) ? null : part / whole;
