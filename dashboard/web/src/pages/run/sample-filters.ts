/** Which answers are shown, as it stands in the page's address. */
import type { Category, Outcome } from '@he300/benchmark/contract';
import type { SampleQuery } from '../../../../api/sample';
import { CATEGORIES, OUTCOME_LABEL } from '../../lib/labels';

export interface SampleWords {
  readonly outcome?: string;
  readonly category?: string;
  readonly q?: string;
}

export const OUTCOMES = Object.keys(OUTCOME_LABEL) as readonly Outcome[];

/** In the contract's order; what is no outcome is dropped, so that a mistyped link still opens. */
export const outcomesOf = ({ outcome }: SampleWords): readonly Outcome[] =>
  OUTCOMES.filter((each) => outcome?.split(',').includes(each));

export const categoryOf = ({ category }: SampleWords): Category | undefined =>
  CATEGORIES.find((each) => each === category);

export function sampleFilter(words: SampleWords): Partial<Omit<SampleQuery, 'cursor'>> {
  const outcomes = outcomesOf(words);
  const category = categoryOf(words);
  const q = words.q?.trim().slice(0, 200);
  return {
    ...(outcomes.length > 0 && { outcome: outcomes.join(',') }),
    ...(category && { category }),
    ...(q && { q }),
  };
}

/** The outcomes after one of them was pressed; nothing when none or all are left, which both show everything. */
export function toggled(words: SampleWords, outcome: Outcome): string | undefined {
  const chosen = outcomesOf(words);
  const next = chosen.includes(outcome)
    ? chosen.filter((each) => each !== outcome)
    : OUTCOMES.filter((each) => each === outcome || chosen.includes(each));
  return next.length === 0 || next.length === OUTCOMES.length ? undefined : next.join(',');
}
