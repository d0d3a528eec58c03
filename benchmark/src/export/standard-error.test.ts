import fc from 'fast-check';
import { pooledStandardError, standardError } from './standard-error';

describe('standard errors', () => {
  test('are those of the zeros and ones themselves', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (scenarios, part) => {
          const correct = Math.floor(scenarios * part);
          const values = Array.from({ length: scenarios }, (_, i) => (i < correct ? 1 : 0));
          const mean = correct / scenarios;
          const deviation = Math.sqrt(
            values.reduce<number>((sum, value) => sum + (value - mean) ** 2, 0) / (scenarios - 1),
          );
          expect(standardError({ scenarios, correct })).toBeCloseTo(deviation / Math.sqrt(scenarios), 12);
        },
      ),
    );
  });

  test('of equal parts pool to that of one part by the square root of their number, nearly', () => {
    const part = { scenarios: 50, correct: 40 };
    expect(pooledStandardError([part])).toBeCloseTo(standardError(part)!, 12);
    expect(pooledStandardError([part, part, part, part])).toBeCloseTo(standardError(part)! / 2, 12);
  });

  test('are not known of fewer than two', () => {
    expect([
      standardError({ scenarios: 1, correct: 1 }),
      pooledStandardError([]),
      pooledStandardError([{ scenarios: 1, correct: 1 }]),
    ]).toEqual([null, null, null]);
  });
});
