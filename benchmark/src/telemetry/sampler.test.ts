import fc from 'fast-check';
import { telemetry as telemetrySchema } from '../contract/telemetry';
import { Client } from './client';
import { type Look, Sampler } from './sampler';
import { type Reading, type Source, unknownGpu } from './source';
import { spread } from './summary';

/** Says what it is told to say. */
const saying = (read: Source['read']): Source => ({ read, close: () => undefined });

const server = (running: number, waiting: number): Reading => ({
  server: { kind: 'vllm', running, waiting, kvCache: null },
});

let sampler: Sampler;
afterEach(() => sampler.close());

/** A look only where a stretch begins or ends, so that the test knows which. */
const atEnds = (...sources: Source[]): Sampler => (sampler = new Sampler({ sources, intervalMs: 3_600_000 }));

describe('a stretch', () => {
  test('has nothing of what was before it', async () => {
    const readings = [server(1, 1), server(8, 0)];
    atEnds(saying(() => readings.shift() ?? {}));
    const [result, seen] = await sampler.during('load 8', () => Promise.resolve('done'));
    expect(result).toBe('done');
    expect(seen).toMatchObject({
      readings: 1,
      server: { running: { mean: 8, max: 8 }, waiting: { mean: 0 } },
    });
  });

  test('that ends with nothing in flight has no use for the queue at its end', async () => {
    const readings = [server(0, 0), server(6, 2), server(6, 2), server(0, 0)];
    atEnds(saying(() => readings.shift() ?? {}));
    const [, seen] = await sampler.during('scored', () => sampler.during('inner', () => Promise.resolve()), {
      endsIdle: true,
    });
    expect(seen).toMatchObject({ readings: 3, server: { running: { mean: 6, max: 6 } } });
  });

  test('that fails passes its error on, and the next one is as good', async () => {
    atEnds(saying(() => server(2, 0)));
    await expect(sampler.during('load 1', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    const [, seen] = await sampler.during('load 2', () => Promise.resolve());
    expect(seen).toMatchObject({ readings: 1, server: { running: { mean: 2 } } });
  });

  test('of which no source tells has no figures, and is a stretch all the same', async () => {
    atEnds();
    const [, seen] = await sampler.during('scored', () => Promise.resolve());
    expect(seen).toMatchObject({ client: null, host: null, server: null, gpus: null });
    expect(telemetrySchema.parse(seen)).toEqual(seen);
  });

  test('goes on though a source fails or is slow', async () => {
    let answer = (): void => undefined;
    const slow = saying(() => new Promise((resolve) => (answer = () => resolve(server(3, 0)))));
    atEnds(
      saying(() => Promise.reject(new Error('a bug'))),
      saying(() => {
        throw new Error('another');
      }),
      slow,
      new Client(),
    );
    const stretch = sampler.during('scored', () => Promise.resolve());
    const first = answer;
    while (first === answer) await new Promise((resolve) => setImmediate(resolve));
    first();
    answer();
    const [, seen] = await stretch;
    expect(seen.server).toMatchObject({ running: { mean: 3 } });
    expect(telemetrySchema.parse(seen)).toEqual(seen);
    expect(seen.client!.memoryMib.mean).toBeGreaterThan(10);
  });

  test('is looked at on the way, and every look says during what it was', async () => {
    const looks: Look[] = [];
    sampler = new Sampler({ sources: [], intervalMs: 1, onLook: (look) => looks.push(look) });
    const until = async (label: string | null): Promise<void> => {
      while (looks.at(-1)?.during !== label) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    await sampler.during('load 4', () => until('load 4'));
    await until(null);
    expect(looks.map(({ atMs }) => atMs)).toEqual(looks.map(({ atMs }) => atMs).sort((a, b) => a - b));
    const whole = looks.reduce((sum, { seconds }) => sum + seconds, 0);
    // Each look stands for the time since the one before: together they leave no gap.
    expect(whole).toBeCloseTo((looks.at(-1)!.atMs - looks[0]!.atMs) / 1000 + looks[0]!.seconds, 6);
  });
});

test('of what two sources tell of a GPU the first is believed, and the second fills what it left open', async () => {
  const dcgm = { ...unknownGpu(0), smActive: 0.9, powerWatts: 140, throttleReasons: [] };
  const smi = { ...unknownGpu(0), name: 'NVIDIA A10G', powerWatts: 99, temperatureC: 60 };
  const other = { ...unknownGpu(1), powerWatts: 20, throttleReasons: ['sw-power-cap'] };
  atEnds(
    saying(() => ({ gpus: [dcgm] })),
    saying(() => ({ gpus: [smi, other] })),
  );
  const [, seen] = await sampler.during('scored', () => Promise.resolve());
  expect(telemetrySchema.parse(seen)).toEqual(seen);
  expect(seen.gpus).toMatchObject([
    {
      index: 0,
      name: 'NVIDIA A10G',
      smActive: { mean: 0.9 },
      powerWatts: { mean: 140 },
      temperatureC: { mean: 60 },
      throttled: [],
    },
    { index: 1, powerWatts: { mean: 20 }, throttled: [{ reason: 'sw-power-cap', part: 1 }] },
  ]);
});

test('a spread is that of the values, each repeated as often as it weighs', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ value: fc.integer({ min: 0, max: 9_999 }), weight: fc.integer({ min: 1, max: 20 }) }),
        {
          minLength: 1,
          maxLength: 40,
        },
      ),
      (weighed) => {
        const repeated = weighed
          .flatMap(({ value, weight }) => Array.from({ length: weight }, () => value))
          .sort((a, b) => a - b);
        const mean = repeated.reduce((sum, value) => sum + value, 0) / repeated.length;
        const { mean: found, p95, max } = spread(weighed);
        expect(Math.abs(found - mean)).toBeLessThanOrEqual(mean * 1e-4);
        expect(p95).toBe(repeated[Math.ceil(repeated.length * 0.95 - 1e-9) - 1]);
        expect(max).toBe(repeated.at(-1));
        expect(found).toBeLessThanOrEqual(max);
      },
    ),
    { numRuns: 2_000 },
  );
});
