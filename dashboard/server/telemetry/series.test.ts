import type { TelemetryLine } from '@he300/benchmark/contract';
import fc from 'fast-check';
import { telemetrySeries } from '../../api/telemetry';
import { MOST_POINTS, telemetrySeriesOf } from './series';

const gpu = (index: number, powerWatts: number | null) => ({
  ...{ index, name: `GPU ${index}`, smActive: null, dramActive: null, tensorActive: null },
  ...{ utilization: 0.5, memoryMib: null, powerWatts, smClockMhz: null, memoryClockMhz: null },
  ...{ temperatureC: null, throttleReasons: null },
});

const look = (second: number, changes: Partial<TelemetryLine> = {}): TelemetryLine => ({
  ...{
    schema: 'he300.telemetry/v1',
    at: new Date(1_750_000_000_000 + second * 1000).toISOString(),
    seconds: 1,
  },
  ...{
    during: 'scored',
    client: { cpu: 0.1, loopDelayP99Ms: 1, memoryMib: 100 },
    host: null,
    server: null,
    gpus: null,
  },
  energy: { wattHours: 0, knownSeconds: 0, seconds: second },
  ...changes,
});

const seriesOf = async (looks: readonly TelemetryLine[]) =>
  telemetrySeries.parse(await telemetrySeriesOf(looks.map((each) => JSON.stringify(each))));

test('lines that are none are passed over, and no line at all gives no point', async () => {
  const whole = JSON.stringify(look(0));
  const series = await telemetrySeriesOf([
    '',
    'nothing',
    '{"schema":"other"}',
    whole,
    whole.slice(0, 40),
    '[]',
    'null',
  ]);
  expect(series.seconds).toEqual([0]);
  expect(telemetrySeries.parse(await telemetrySeriesOf([]))).toMatchObject({
    seconds: [],
    server: null,
    gpus: [],
  });
});

test('what was not seen is null, and what came later is seen from there', async () => {
  const server = { kind: 'vllm' as const, running: 3, waiting: 1, kvCache: null };
  const series = await seriesOf([
    look(0, { client: null, during: null }),
    look(2, { server, host: { cpu: 0.7, memory: null }, gpus: [gpu(1, 50)] }),
    look(3, { gpus: [gpu(0, null), gpu(1, 70)] }),
  ]);
  expect(series).toMatchObject({
    seconds: [0, 2, 3],
    during: [null, 'scored', 'scored'],
    host: { cpu: [null, 0.7, null], memory: [null, null, null] },
    client: { cpu: [null, 0.1, 0.1] },
    server: { running: [null, 3, null], kvCache: [null, null, null] },
    gpus: [
      { index: 0, name: 'GPU 0', powerWatts: [null, null, null], utilization: [null, null, 0.5] },
      { index: 1, powerWatts: [null, 50, 70] },
    ],
  });
});

test('a long run keeps every peak in at most 400 points', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1500 }), fc.nat(), async (length, place) => {
      const at = place % length;
      const looks = Array.from({ length }, (_, i) => look(i, { gpus: [gpu(0, i === at ? 400 : 100)] }));
      const { seconds, gpus } = await seriesOf(looks);
      const watts = gpus[0]!.powerWatts;
      expect(seconds.length).toBeLessThanOrEqual(MOST_POINTS);
      expect(seconds.length).toBeGreaterThanOrEqual(Math.min(length, MOST_POINTS / 2));
      expect(watts).toHaveLength(seconds.length);
      expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
      const peak = watts.indexOf(400);
      expect(seconds[peak]!).toBeLessThanOrEqual(at);
      expect(seconds[peak + 1] ?? Infinity).toBeGreaterThan(at);
    }),
    { numRuns: 15 },
  );
});
