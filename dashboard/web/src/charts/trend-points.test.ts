import { trendRows, trendTicks, type TrendPoint } from './trend-points';

const point = (endedAt: string | null, low: number, high: number): TrendPoint =>
  ({
    run: {
      createdAt: '2026-06-17T11:00:00.000Z',
      endedAt,
      outcome: { accuracy: (low + high) / 2, wilson95: { low, high }, majorityBaseline: 0.55 },
    },
    sincePrevious: null,
    regression: false,
  }) as TrendPoint;

it('places each run at its end, with its interval', () => {
  const [row] = trendRows([point('2026-06-17T12:00:00.000Z', 0.7, 0.8)]);
  expect(row).toMatchObject({
    at: Date.UTC(2026, 5, 17, 12),
    accuracy: 0.75,
    band: [0.7, 0.8],
    baseline: 0.55,
  });
});

it('leaves out runs without an outcome', () => {
  const { run, ...rest } = point(null, 0, 1);
  expect(trendRows([{ ...rest, run: { ...run, outcome: null } }])).toEqual([]);
});

it('has ticks round all of the bands and of the baselines', () => {
  const ticks = (low: number, high: number) => trendTicks(trendRows([point(null, low, high)]));
  expect(ticks(0.61, 0.69)).toEqual([0.55, 0.6, 0.65, 0.7]);
  expect(ticks(0.01, 1)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  expect(trendTicks([])).toEqual([]);
});
