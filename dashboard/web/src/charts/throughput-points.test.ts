import { byConcurrency } from './throughput-points';

const window = (concurrency: number, tokensPerSecond: number) => ({
  concurrency,
  tokensPerSecond,
  requestsPerSecond: 1,
  p95Ms: 10,
  reason: 'doubled',
});

it('orders by concurrency and takes the mean of what was tried again', () => {
  expect(byConcurrency([window(4, 100), window(1, 30), window(4, 120)])).toEqual([
    { concurrency: 1, tokensPerSecond: 30, requestsPerSecond: 1, p95Ms: 10, windows: 1 },
    { concurrency: 4, tokensPerSecond: 110, requestsPerSecond: 1, p95Ms: 10, windows: 2 },
  ]);
  expect(byConcurrency([])).toEqual([]);
});
