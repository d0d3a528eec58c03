import { retryAfterMs } from './retry-after';

const NOW = Date.parse('2026-06-17T12:00:00Z');

test.each([
  [undefined, undefined],
  ['', undefined],
  ['soon', undefined],
  ['0', 0],
  ['2', 2_000],
  ['0.25', 250],
  [['3', '9'], 3_000],
  ['Wed, 17 Jun 2026 12:00:05 GMT', 5_000],
  ['Wed, 17 Jun 2026 11:00:00 GMT', 0],
  ['86400', 60_000],
])('%j asks for %j ms', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms);
});
