import { bootstrap95, quantile } from './bootstrap';
import { holm } from './holm';
import { mcnemarExact } from './mcnemar';
import { detectableDifference, pairedDifference } from './paired';
import reference from './reference.json';
import { wilson95 } from './wilson';

const near = (expected: number): number => expect.closeTo(expected, 9) as unknown as number;

describe('against SciPy and statsmodels', () => {
  test.each(reference.wilson95)('Wilson interval of %i in %i', (successes, trials, low, high) => {
    expect(wilson95(successes!, trials!)).toEqual({ low: near(low!), high: near(high!) });
  });

  test.each(reference.paired)(
    'pairs %i, %i, %i, %i',
    (both, onlyA, onlyB, neither, p, mean, error, low, high) => {
      expect(mcnemarExact(onlyA!, onlyB!)).toBeCloseTo(p!, 9);
      expect(pairedDifference({ both: both!, onlyA: onlyA!, onlyB: onlyB!, neither: neither! })).toEqual({
        difference: near(mean!),
        standardError: near(error!),
        interval95: { low: near(Math.max(-1, low!)), high: near(Math.min(1, high!)) },
      });
    },
  );

  test.each(reference.holm)('Holm adjustment of %j', (pValues, adjusted) => {
    expect(holm(pValues as number[])).toEqual((adjusted as number[]).map(near));
  });
});

describe('where there is nothing to count', () => {
  test('an interval without trials says nothing', () => {
    expect(wilson95(0, 0)).toEqual({ low: 0, high: 1 });
    expect(bootstrap95([], 1)).toEqual({ low: 0, high: 1 });
  });

  test('runs without a scenario in common do not differ', () => {
    const counts = { both: 0, onlyA: 0, onlyB: 0, neither: 0 };
    expect(pairedDifference(counts)).toEqual({
      difference: 0,
      standardError: 0,
      interval95: { low: -1, high: 1 },
    });
    expect(mcnemarExact(0, 0)).toBe(1);
    expect(detectableDifference(0, 0)).toBeNull();
  });
});

describe('the difference that could have been found', () => {
  test('needs just as many scenarios as there were', () => {
    const [scenarios, discordant] = [300, 60];
    const found = detectableDifference(scenarios, discordant)!;
    const rate = discordant / scenarios;
    const needed =
      (1.959963984540054 * Math.sqrt(rate) + 0.8416212335729143 * Math.sqrt(rate - found ** 2)) ** 2;
    expect(needed / found ** 2).toBeCloseTo(scenarios, 3);
    expect(found).toBeGreaterThan(0.05);
    expect(found).toBeLessThan(0.1);
  });

  test('shrinks with more scenarios, and is none where the runs hardly disagree', () => {
    expect(detectableDifference(3_000, 600)!).toBeLessThan(detectableDifference(300, 60)!);
    expect(detectableDifference(300, 3)).toBeNull();
  });
});

describe('the bootstrap', () => {
  const strata = [
    { scenarios: 75, correct: 60 },
    { scenarios: 75, correct: 30 },
    { scenarios: 150, correct: 120 },
  ];

  test('gives the same interval for the same seed, and nearly the same for another', () => {
    const interval = bootstrap95(strata, 42);
    expect(bootstrap95(strata, 42)).toEqual(interval);
    expect(bootstrap95(strata, 43).low).toBeCloseTo(interval.low, 1);
  });

  test('agrees with the normal approximation of a stratified mean', () => {
    const variance = strata.reduce(
      (sum, { scenarios: n, correct }) => sum + (correct * (n - correct)) / n,
      0,
    );
    const half = (1.96 * Math.sqrt(variance)) / 300;
    const { low, high } = bootstrap95(strata, 42);
    expect(Math.abs(low - (0.7 - half))).toBeLessThan(0.005);
    expect(Math.abs(high - (0.7 + half))).toBeLessThan(0.005);
  });

  test('knows no doubt where every answer was right', () => {
    expect(bootstrap95([{ scenarios: 10, correct: 10 }], 1)).toEqual({ low: 1, high: 1 });
  });
});

test('a quantile lies between order statistics', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(quantile([7], 0.99)).toBe(7);
});
