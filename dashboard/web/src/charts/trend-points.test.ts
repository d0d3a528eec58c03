import { trendDomain, trendRows, type TrendPoint } from './trend-points';

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

it('shows all of the bands and of the baselines', () => {
  expect(trendDomain(trendRows([point(null, 0.61, 0.69), point(null, 0.72, 0.83)]))).toEqual([0.5, 0.85]);
  expect(trendDomain(trendRows([point(null, 0.01, 1)]))).toEqual([0, 1]);
  expect(trendDomain([])).toEqual([0, 1]);
});
