import { saturation } from '../contract/performance';
import type { Telemetry } from '../contract/telemetry';
import { client as clientSeen, gpu, NOTHING_SEEN, vllm } from './evidence/telemetry.double';
import { admitted } from './queue';
import type { SearchResult, TriedWindow } from './search';
import { verdictOf } from './verdict';

const IDLE = { cpu: 0.1, loopDelayP99Ms: 1 };

interface Case {
  /** Tokens a second at 1, 2, 4 and so on in flight. */
  readonly curve: readonly number[];
  readonly slots?: number;
  readonly endedBy?: SearchResult['endedBy'];
  readonly refusals?: number;
  readonly client?: typeof IDLE | null;
  /** While each window was measured. */
  readonly seen?: (concurrency: number) => Partial<Telemetry>;
}

function judged({ curve, slots, endedBy = 'flat', refusals = 0, client = IDLE, seen }: Case) {
  const windows = curve.map((tokensPerSecond, i): TriedWindow => {
    const concurrency = 2 ** i;
    const telemetry = seen && { ...NOTHING_SEEN, client: clientSeen(0.1, 1), ...seen(concurrency) };
    return {
      ...{ concurrency, tokensPerSecond, requestsPerSecond: 1, p95Ms: 1, refusals, reason: 'of the test' },
      ...(telemetry ? { telemetry } : {}),
    };
  });
  const peakTokensPerSecond = Math.max(...curve);
  const chosenConcurrency = 2 ** curve.findIndex((rate) => rate >= 0.95 * peakTokensPerSecond);
  const result = { windows, endedBy, peakTokensPerSecond, chosenConcurrency };
  const verdict = verdictOf(result, slots ?? null, client);
  // Whatever is said has to go into the results.
  const whole = { ...verdict, chosenConcurrency, peakTokensPerSecond, windows: [] };
  expect(saturation.parse(whole)).toEqual(whole);
  return verdict;
}

/** 16 slots, and a curve that had not bent when they were full. */
const BOUNDED = [100, 195, 380, 720, 1300, 1310];
/** It has bent long before. */
const BENT = [267, 291, 305, 312, 316, 318];

const queueOf16 = (concurrency: number): Partial<Telemetry> => ({
  server: vllm(Math.min(16, concurrency), Math.max(0, concurrency - 16)),
});

describe('the verdict', () => {
  test.each<[string, Case, string, object?]>([
    ['slots that are told', { curve: BOUNDED, slots: 16, endedBy: 'slots' }, 'limited-by-slots'],
    [
      'slots that only the queue shows',
      { curve: BOUNDED, endedBy: 'slots', seen: queueOf16 },
      'limited-by-slots',
      { slotsSeen: 16 },
    ],
    ['slots that nobody shows', { curve: BOUNDED }, 'saturated', { slotsSeen: null }],
    ['slots that would bring nothing more', { curve: BENT, slots: 16, endedBy: 'slots' }, 'saturated'],
    [
      'slots, while the GPU reads its memory as fast as it can: more would share each reading',
      {
        curve: BOUNDED,
        slots: 16,
        endedBy: 'slots',
        seen: () => ({ gpus: [gpu({ smActive: 0.95, dramActive: 0.75, tensorActive: 0.1 })] }),
      },
      'limited-by-slots',
      { bound: 'memory-bandwidth' },
    ],
    [
      'slots by the curve, but the GPU has no more compute',
      {
        curve: BOUNDED,
        slots: 16,
        endedBy: 'slots',
        seen: () => ({ gpus: [gpu({ smActive: 0.98, dramActive: 0.3, tensorActive: 0.8 })] }),
      },
      'saturated',
      {
        bound: 'compute',
        evidence: expect.arrayContaining(['but the GPU has no more compute to give them']),
      },
    ],
    [
      'a KV cache that is full: what waits does not wait for a slot',
      { curve: BOUNDED, seen: (c) => ({ server: vllm(14, Math.max(0, c - 14), 0.99) }) },
      'saturated',
      {
        slotsSeen: null,
        evidence: expect.arrayContaining([
          'its memory for keys and values was full: requests waited for that',
        ]),
      },
    ],
    ['one slot', { curve: [100, 100], slots: 1, endedBy: 'slots' }, 'limited-by-slots'],
    [
      'one slot on a GPU without compute left',
      { curve: [100, 100], slots: 1, endedBy: 'slots', seen: () => ({ gpus: [gpu({ tensorActive: 0.9 })] }) },
      'saturated',
    ],
    [
      'a client that is busy, whatever else was seen',
      {
        curve: BOUNDED,
        slots: 16,
        endedBy: 'slots',
        client: { cpu: 0.97, loopDelayP99Ms: 30 },
        seen: queueOf16,
      },
      'limited-by-client',
      { warnings: [expect.stringMatching(/^latencies hold up to 30 ms/)] },
    ],
    [
      'a client that nobody looked at',
      { curve: BENT, client: null },
      'saturated',
      { unknowns: [expect.stringMatching(/^whether the runner itself/)] },
    ],
    [
      'throughput that still grew',
      { curve: [100, 200, 400], endedBy: 'most-concurrency' },
      'not-saturated',
      { evidence: expect.arrayContaining(['throughput still grew at 4 in flight']) },
    ],
    [
      'throughput that still grew, and refusals',
      { curve: [100, 200, 400], endedBy: 'most-concurrency', refusals: 2 },
      'limited-by-server-queue',
      { evidence: expect.arrayContaining(['the server refused 6 requests for lack of room']) },
    ],
    [
      'a GPU whose clocks were held down',
      {
        curve: BENT,
        seen: () => ({ gpus: [gpu({ utilization: 1 }, [{ reason: 'sw-thermal-slowdown', part: 0.6 }])] }),
      },
      'saturated',
      {
        bound: null,
        warnings: ['GPU 0: clocks held down in 60 % of the time by sw-thermal-slowdown'],
        unknowns: [
          expect.stringMatching(/^the server’s queue/),
          expect.stringMatching(/^what GPU 0 was short of/),
        ],
      },
    ],
    [
      'a GPU with room while requests wait',
      {
        curve: BOUNDED,
        endedBy: 'slots',
        seen: (c) => ({ ...queueOf16(c), gpus: [gpu({ smActive: 0.3 })] }),
      },
      'limited-by-slots',
      { evidence: expect.arrayContaining(['GPU 0 had room, though 16.0 requests waited for the server']) },
    ],
  ])('on %s', (_title, given, verdict, more = {}) => {
    expect(judged(given)).toMatchObject({ verdict, ...more });
  });

  test('rests on what was seen in the fastest window, not in the others', () => {
    const { evidence, bound } = judged({
      curve: BENT,
      seen: (c) => ({ gpus: [gpu(c === 32 ? { smActive: 0.99, dramActive: 0.7 } : { smActive: 0.1 })] }),
    });
    expect(bound).toBe('memory-bandwidth');
    expect(evidence).toContain('GPU 0: SM_ACTIVE 99 %, DRAM_ACTIVE 70 % (mean, DCGM)');
  });

  test('of nothing measured claims nothing', () => {
    const nothing = { windows: [], endedBy: 'flat', peakTokensPerSecond: 0, chosenConcurrency: 1 } as const;
    expect(verdictOf(nothing, 4, null)).toMatchObject({ verdict: 'saturated', slotsSeen: null });
  });
});

describe('a queue', () => {
  const windowAt = (concurrency: number, server: Telemetry['server']): TriedWindow => ({
    ...{ concurrency, tokensPerSecond: 1, requestsPerSecond: 1, p95Ms: 1, refusals: 0, reason: '' },
    telemetry: { ...NOTHING_SEEN, server },
  });

  test.each([
    ['without a page of metrics', windowAt(8, null), null],
    ['in which nobody waits', windowAt(8, vllm(8, 0)), null],
    ['in which one waits now and then', windowAt(64, vllm(60, 4)), null],
    ['in which many wait', windowAt(64, vllm(48, 16)), 48],
    ['of a server that does nothing', windowAt(8, vllm(0, 8)), 1],
  ])('%s shows so many slots', (_title, window, slots) => {
    expect(admitted(window)).toBe(slots);
  });
});
