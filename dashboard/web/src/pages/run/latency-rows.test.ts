import { exampleResults } from '@he300/benchmark/contract/examples';
import { latencyRows } from './latency-rows';

const { total, steady } = exampleResults.performance;

it('has a row for the total and one for the steady stretch', () => {
  expect(
    latencyRows({ total, steady })
      .map(({ name }) => name)
      .slice(0, 3),
  ).toEqual(['End to end, total', 'End to end, steady', 'First token, total']);
});

it('leaves out what was not recorded, and what no answer stands behind', () => {
  const silent = { ...total, interTokenMs: null, timePerOutputTokenMs: null };
  expect(latencyRows({ total: silent, steady: null })).toHaveLength(3);
  expect(latencyRows({ total: { ...total, errors: total.requests }, steady: null })).toEqual([]);
});
