import { distance, standing } from './standing';

const measured = (low: number, high: number, majorityBaseline: number) => ({
  accuracy: (low + high) / 2,
  wilson95: { low, high },
  majorityBaseline,
});

test.each([
  [0.7, 0.8, 0.6, 'above'],
  [0.5, 0.7, 0.6, 'undecided'],
  [0.6, 0.7, 0.6, 'undecided'],
  [0.3, 0.5, 0.6, 'below'],
])('an interval from %d to %d stands to %d: %s', (low, high, baseline, how) => {
  expect(standing(measured(low, high, baseline))).toBe(how);
});

test('the distance is the part of the way that there is', () => {
  expect(distance(measured(0.7, 0.9, 0.6))).toBeCloseTo(0.5);
  expect(distance(measured(0.2, 0.4, 0.6))).toBeCloseTo(0.5);
  expect(distance(measured(1, 1, 1))).toBe(0);
  expect(distance(measured(0, 0, 0))).toBe(0);
});
