import { discordantCounts, inCategory, type Discordant } from './discordant-rows';

const one = (category: Discordant['category'], row: number): Discordant => ({
  scenarioId: `hendrycks_ethics:${category}_test:0000${row}`,
  category,
  expected: 1,
  prompt: null,
  answers: [],
});
const all = [one('virtue', 1), one('justice', 2), one('virtue', 3)];

it('counts them by category', () => {
  expect(discordantCounts(all)).toEqual([
    { category: 'justice', scenarios: 1 },
    { category: 'virtue', scenarios: 2 },
  ]);
});

it('shows those of one category, and all where the address names none', () => {
  expect(inCategory(all, 'virtue')).toHaveLength(2);
  expect(inCategory(all, 'virtues')).toBe(all);
  expect(inCategory(all, undefined)).toBe(all);
});
