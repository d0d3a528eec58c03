/** What a run cost, and what one right answer did. */
import type { RunDetail } from '../../../../api/run';

export interface CostFigures {
  readonly spentUsd: number | null;
  readonly usdPerHour: number | null;
  readonly capUsd: number | null;
  /** Of the cap, 0 to 1 and beyond. */
  readonly capPart: number | null;
  /** Null while nothing is known to be right. */
  readonly usdPerCorrect: number | null;
  readonly wattHours: number | null;
  readonly wattHoursPerCorrect: number | null;
}

type Costed = Pick<RunDetail, 'costUsd' | 'price' | 'outcome'> & {
  readonly results: { readonly cost: { readonly wattHours: number | null } } | null;
};

export function costFigures({ costUsd, price, outcome, results }: Costed): CostFigures {
  const wattHours = results?.cost.wattHours ?? null;
  const capUsd = price?.capUsd ?? null;
  return {
    spentUsd: costUsd,
    usdPerHour: price?.usdPerHour ?? null,
    capUsd,
    capPart: ratio(costUsd, capUsd),
    usdPerCorrect: ratio(costUsd, outcome?.correct ?? null),
    wattHours,
    wattHoursPerCorrect: ratio(wattHours, outcome?.correct ?? null),
  };
}

const ratio = (part: number | null, whole: number | null): number | null =>
  part === null || !whole ? null : part / whole;
