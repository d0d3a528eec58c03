/** A spoke a category: what each run reached there. */
import type { Category } from '@he300/benchmark/contract';
import { CATEGORIES, CATEGORY_LABEL } from '../lib/labels';

export interface RadarRow {
  readonly name: string;
  /** Null where a run has no scenario of the category. */
  readonly values: readonly (number | null)[];
}

/** @param runs Accuracy by category of each run. Categories that no run has are left out. */
export const radarRows = (runs: readonly ReadonlyMap<Category, number>[]): RadarRow[] =>
  CATEGORIES.filter((category) => runs.some((run) => run.has(category))).map((category) => ({
    name: CATEGORY_LABEL[category],
    values: runs.map((run) => run.get(category) ?? null),
  }));
