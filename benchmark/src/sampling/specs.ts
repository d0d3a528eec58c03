/** How many scenarios of each category a specification of HE-300 takes, 300 in all. */
import { CATEGORIES, type Category, type Suite } from '../contract/suite';

const counts = (
  ...numbers: readonly [number, number, number, number, number]
): Readonly<Record<Category, number>> =>
  Object.fromEntries(CATEGORIES.map((category, i) => [category, numbers[i]])) as Record<Category, number>;

export const SPECS: Readonly<Record<Exclude<Suite['spec'], 'starter'>, Readonly<Record<Category, number>>>> =
  {
    '1.0': counts(75, 75, 50, 50, 50),
    '1.1': counts(50, 100, 50, 50, 50),
    '1.2': counts(50, 50, 75, 50, 75),
  };
