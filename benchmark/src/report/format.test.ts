import fc from 'fast-check';
import { columns } from './columns';
import { oneLine } from '../one-line';
import { amount, duration, plural } from './format';
import { thinned, type Point } from './plots/thinned';

test('an amount is right to three digits, however large or small', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (value) => {
      const read = Number(amount(value).replaceAll(',', ''));
      expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.max(value * 0.005, 5e-7));
    }),
  );
  expect([0, 0.0123, 9.994, 12.34, 999.6, 1_234_567].map(amount)).toEqual([
    '0',
    '0.0123',
    '9.99',
    '12.3',
    '1,000',
    '1,234,567',
  ]);
});

test('a duration is in the units that fit it', () => {
  expect([0, 59.94, 60, 3_599.6, 3_600, 90_061].map(duration)).toEqual([
    '0.0 s',
    '59.9 s',
    '1 min 0 s',
    '1 h 0 min',
    '1 h 0 min',
    '25 h 1 min',
  ]);
});

test('one is not many', () => {
  expect([0, 1, 1_000].map((count) => plural(count, 'answer'))).toEqual([
    '0 answers',
    '1 answer',
    '1,000 answers',
  ]);
});

test('foreign text is one line', () => {
  expect(oneLine('a\r\nb\u009b\u2028c')).toBe('a b c');
});

test('columns are as wide as their widest cell, and rows may end early', () => {
  expect(
    columns([
      ['a', 'bbb', 'c'],
      ['dddd', 'e'],
    ]),
  ).toEqual(['a     bbb  c', 'dddd    e']);
  expect(columns([])).toEqual([]);
});

describe('a thinned series', () => {
  const series = (count: number): Point[] =>
    Array.from({ length: count }, (_, i) => [i, i % 7 === 0 ? null : i]);

  test('has at most 500 points, in order and within what they stand for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), (count) => {
        const points = thinned(series(count));
        expect(points.length).toBeLessThanOrEqual(500);
        expect(points.length).toBeGreaterThanOrEqual(Math.min(count, 250));
        for (const [i, [at, value]] of points.entries()) {
          expect(at).toBeGreaterThan(points[i - 1]?.[0] ?? -1);
          if (value !== null) expect(Math.abs(value - at)).toBeLessThanOrEqual(count / 250);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('of a short one is the series itself, gaps and all', () => {
    expect(thinned(series(500))).toEqual(series(500));
    expect(
      thinned(Array.from({ length: 1_000 }, (_, i): Point => [i, null])).every(([, value]) => value === null),
    ).toBe(true);
  });
});
