import fc from 'fast-check';
import { histogram, rank, roundUp } from './histogram';

const latencies = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 400 });

it('counts every value once, in bins that follow one another', () => {
  fc.assert(
    fc.property(latencies, (values) => {
      const bins = histogram(values);
      expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(values.length);
      expect(bins.slice(1).every((bin, i) => bin.from === bins[i]!.to)).toBe(true);
      expect(bins.slice(0, -1).every((bin) => bin.to !== null && bin.from < bin.to)).toBe(true);
      expect(bins.length).toBeLessThanOrEqual(51);
    }),
  );
});

it('keeps each value within the bounds of a bin', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 100 }), (values) => {
      for (const { from, to, count } of histogram(values)) {
        const inside = values.filter((value) => value >= from && (to === null || value < to));
        expect(inside).toHaveLength(count);
      }
    }),
  );
});

it('puts what lies far beyond the rest into one open bin', () => {
  const near = Array.from({ length: 199 }, (_, i) => 100 + i);
  expect(histogram([...near, 60_000]).at(-1)).toMatchObject({ to: null, count: 1 });
});

it('has one bin for values that are all the same, zero too', () => {
  expect(histogram([80, 80, 80])).toEqual([{ from: 80, to: 90, count: 3 }]);
  expect(histogram([0])).toMatchObject([{ from: 0, count: 1 }]);
  expect(histogram([])).toEqual([]);
});

it.each([[[1e6, 1e6 + 2 ** -33]], [[5e-324, 1e-320]]])('tells %j apart by bounds that differ', (values) => {
  for (const { from, to } of histogram(values)) expect(to).toBeGreaterThan(from);
  expect(histogram(values).reduce((sum, { count }) => sum + count, 0)).toBe(2);
});

it('takes round widths', () => {
  expect([0.3, 1, 1.1, 3, 6, 99].map(roundUp)).toEqual([0.5, 1, 2, 5, 10, 100]);
});

it('takes the nearest rank', () => {
  expect(rank([1, 2, 3, 4], 0.5)).toBe(2);
  expect(rank([1, 2, 3, 4], 0.99)).toBe(4);
  expect(rank([7], 0)).toBe(7);
});
