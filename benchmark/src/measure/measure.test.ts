import fc from 'fast-check';
import { performanceWindow } from '../contract/performance';
import { Latencies } from './latencies';
import { windowOf } from './performance-window';
import { steadyStretch, warmUpLength } from './steady-state';
import type { TimedRequest } from './timed-request';

const request = (dueMs: number, endMs: number, change: Partial<TimedRequest> = {}): TimedRequest => ({
  dueMs,
  sentMs: dueMs,
  endMs,
  failed: false,
  pieceAtMs: [endMs],
  promptTokens: 10,
  outputTokens: 1,
  ...change,
});

test('percentiles are those of exact sorting, to a thousandth', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 400 }),
      (values) => {
        const latencies = new Latencies();
        for (const value of values) latencies.record(value);
        const sorted = [...values].sort((a, b) => a - b);
        const exact = (p: number): number =>
          sorted[Math.max(1, Math.floor((p / 100) * sorted.length + 0.5)) - 1]!;
        const found = latencies.percentiles()!;
        for (const [name, p] of [
          ['p50', 50],
          ['p90', 90],
          ['p95', 95],
          ['p99', 99],
          ['p999', 99.9],
          ['max', 100],
        ] as const)
          expect(Math.abs(found[name] - exact(p))).toBeLessThanOrEqual(exact(p) * 0.001 + 0.0015);
      },
    ),
    { numRuns: 300 },
  );
});

describe('a window', () => {
  test('in which nothing happened has no figures, and no division by zero', () => {
    const empty = windowOf([], 0, 0, { endToEndMs: 1 });
    expect(performanceWindow.parse(empty)).toMatchObject({
      requests: 0,
      requestsPerSecond: 0,
      timeToFirstTokenMs: null,
      goodput: null,
    });
  });

  test('counts what ended in it, and errors apart', () => {
    const requests = [
      request(0, 100),
      request(0, 1_000, { failed: true }),
      request(900, 2_000),
      request(900, 2_001),
    ];
    expect(windowOf(requests, 100, 2_000)).toMatchObject({
      seconds: 1.9,
      requests: 2,
      errors: 1,
      requestsPerSecond: 1 / 1.9,
      promptTokensPerSecond: 10 / 1.9,
    });
  });

  test('has every latency from when the request was due', () => {
    const one = request(1_000, 1_500, { sentMs: 1_010, pieceAtMs: [1_200, 1_300, 1_500], outputTokens: 4 });
    const { timeToFirstTokenMs, interTokenMs, timePerOutputTokenMs, endToEndMs, queueMs } = windowOf(
      [one],
      0,
      2_000,
    );
    expect(timeToFirstTokenMs!.max).toBeCloseTo(200, 0);
    expect(interTokenMs).toMatchObject({ p50: expect.closeTo(100, 0), max: expect.closeTo(200, 0) });
    expect(timePerOutputTokenMs!.max).toBeCloseTo(100, 0);
    expect(endToEndMs.max).toBeCloseTo(500, 0);
    expect(queueMs.max).toBeCloseTo(10, 0);
  });

  test('knows no prompt tokens when the server did not count them all', () => {
    expect(
      windowOf([request(0, 1), request(0, 1, { promptTokens: null })], 0, 1).promptTokensPerSecond,
    ).toBeNull();
  });

  test('is good as far as requests keep the objective; an error never does', () => {
    const requests = [
      request(0, 100, { pieceAtMs: [10, 100] }),
      request(0, 100, { pieceAtMs: [60, 100] }),
      request(0, 300, { pieceAtMs: [10, 300] }),
      request(0, 100, { failed: true, pieceAtMs: [] }),
    ];
    expect(windowOf(requests, 0, 300, { firstTokenMs: 50, endToEndMs: 200 }).goodput).toBe(0.25);
    expect(windowOf(requests, 0, 300, {}).goodput).toBe(0.75);
  });
});

describe('the warm-up', () => {
  test('is the truncation of the smallest marginal standard error, as the definition sums it', () => {
    const definition = (values: readonly number[]): number => {
      const batches = Array.from(
        { length: Math.floor(values.length / 5) },
        (_, i) => values.slice(i * 5, i * 5 + 5).reduce((a, b) => a + b) / 5,
      );
      const errorAt = (from: number): number => {
        const rest = batches.slice(from);
        const mean = rest.reduce((a, b) => a + b, 0) / rest.length;
        return rest.reduce((a, b) => a + (b - mean) ** 2, 0) / rest.length ** 2;
      };
      const candidates = batches.map((_, from) => from).filter((from) => from <= batches.length / 2);
      return 5 * candidates.reduce((best, from) => (errorAt(from) < errorAt(best) - 1e-9 ? from : best), 0);
    };
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 10, maxLength: 100 }),
        (values) => {
          expect(warmUpLength(values)).toBe(definition(values));
        },
      ),
    );
  });

  test('of a pass that starts slowly is left out, and so is its end', () => {
    const loops = Array.from({ length: 200 }, (_, i) => {
      const slow = i < 20 ? 500 : 0;
      return request(i * 10, i * 10 + 40 + slow + (i % 3));
    });
    const { fromMs, toMs } = steadyStretch(loops)!;
    expect(fromMs).toBeGreaterThanOrEqual(500);
    expect(toMs).toBe(1_990);
  });

  test('of too few requests cannot be told', () => {
    expect(steadyStretch([])).toBeNull();
    expect(steadyStretch(Array.from({ length: 15 }, (_, i) => request(i, i + 10)))).toBeNull();
  });
});
