import fc from 'fast-check';
import { costSoFarUsd, GPU_INSTANCE_TYPES, PRICES_AS_OF, runCost } from './prices';

test('an instance that the table lacks has no price, rather than a wrong one', () => {
  expect(costSoFarUsd('p5.48xlarge', 1, 200)).toBeUndefined();
  expect(costSoFarUsd('toString', 1, 200)).toBeUndefined();
});

test('two hours of a g5.xlarge, recomputed by hand', () => {
  // 200 GB × $0.08 / 730 h = $0.02192 an hour; with the address $0.02692; with the instance $1.03292.
  // 120 minutes and one look of the reaper are 125 minutes = 2.08333 h.
  const cost = runCost('g5.xlarge', 120, 200);
  expect(cost.instanceUsdPerHour).toBe(1.006);
  expect(cost.extrasUsdPerHour).toBeCloseTo(0.02692, 5);
  expect(cost.hours).toBeCloseTo(2.08333, 5);
  expect(cost.upperBoundUsd).toBeCloseTo(2.15191, 4);
  expect(costSoFarUsd('g5.xlarge', 2, 200)).toBeCloseTo(2.06584, 4);
});

test('more minutes and more disk never cost less', () => {
  const type = fc.constantFrom(...GPU_INSTANCE_TYPES);
  const [minutes, disk] = [fc.integer({ min: 15, max: 1440 }), fc.integer({ min: 100, max: 2000 })];
  fc.assert(
    fc.property(type, minutes, minutes, disk, disk, (t, m, n, d, e) => {
      const [less, more] = [
        runCost(t, Math.min(m, n), Math.min(d, e)),
        runCost(t, Math.max(m, n), Math.max(d, e)),
      ];
      expect(more.upperBoundUsd).toBeGreaterThanOrEqual(less.upperBoundUsd);
    }),
  );
});

test('the bound is above what a host has cost when it is ended at its limit', () => {
  for (const type of GPU_INSTANCE_TYPES)
    expect(runCost(type, 60, 100).upperBoundUsd).toBeGreaterThan(costSoFarUsd(type, 1, 100)!);
});

test('the table says of which day it is', () => {
  expect(new Date(PRICES_AS_OF).toISOString().slice(0, 10)).toBe(PRICES_AS_OF);
});
