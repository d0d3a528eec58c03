/** The scenarios on which runs do not agree, and how many there are of each category. */
import type { Category } from '@he300/benchmark/contract';
import type { CompareAnswer } from '../../../../api/compare';
import { CATEGORIES } from '../../lib/labels';

export type Discordant = CompareAnswer['discordant'][number];

export interface DiscordantCount {
  readonly category: Category;
  readonly scenarios: number;
}

/** In the suite's order; without categories that have none. */
export const discordantCounts = (discordant: readonly Discordant[]): DiscordantCount[] =>
  CATEGORIES.map((category) => ({
    category,
    scenarios: discordant.filter((each) => each.category === category).length,
  })).filter(({ scenarios }) => scenarios > 0);

export const inCategory = (
  discordant: readonly Discordant[],
  category: string | undefined,
): readonly Discordant[] =>
  CATEGORIES.some((each) => each === category)
    ? discordant.filter((each) => each.category === category)
    : discordant;
