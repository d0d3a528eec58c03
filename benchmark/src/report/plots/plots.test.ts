import type { TelemetryLine } from '../../contract/telemetry-line';
import { notSearched } from '../../run/find-concurrency';
import type { Shown } from '../../share/shown';
import { exampleRun, exampleTelemetry } from '../example-run';
import { htmlReport } from '../html/page';
import { attribute, parsed, plotOf, textOf, within, type Element, type Parsed } from '../html/parsed-page';

const whole: Shown = { ...exampleRun(), publicKey: null };

const page = async (shown: Shown, telemetry: readonly TelemetryLine[] | null = null): Promise<Parsed> =>
  parsed(await htmlReport(shown, telemetry));

describe('the plots', () => {
  const numbers = (element: Element, ...names: readonly string[]): number[] =>
    names.map((name) => Number(attribute(element, name)));

  test('place each accuracy inside its interval, and the greater to the right', async () => {
    const { score } = whole.results;
    const plot = plotOf(await page(whole), 'categories')!;
    const rows = within(plot, 'g').filter((g) => ['category', 'overall'].includes(attribute(g, 'class')!));
    expect(rows).toHaveLength(score.categories.length + 1);
    const points = rows.map((row, i) => {
      const [interval, baseline] = within(row, 'line') as [Element, Element];
      const [low, high] = numbers(interval, 'x1', 'x2') as [number, number];
      const [x] = numbers(within(row, 'circle')[0]!, 'cx') as [number];
      expect(low).toBeLessThanOrEqual(x);
      expect(x).toBeLessThanOrEqual(high);
      const { accuracy, majorityBaseline } = [...score.categories, score.overall][i]!;
      expect(x < numbers(baseline, 'x1')[0]!).toBe(accuracy < majorityBaseline);
      return { x, accuracy };
    });
    const byX = [...points].sort((a, b) => a.x - b.x).map(({ accuracy }) => accuracy);
    expect(byX).toEqual([...byX].sort((a, b) => a - b));
  });

  test('show every window of the search, with the chosen concurrency and the slots at theirs', async () => {
    const { saturation } = whole.results.performance;
    const plot = plotOf(await page(whole), 'throughput')!;
    const circles = within(plot, 'circle');
    expect(circles).toHaveLength(saturation.windows.length);
    const xOf = (concurrency: number): string =>
      attribute(
        circles[saturation.windows.findIndex((window) => window.concurrency === concurrency)]!,
        'cx',
      )!;
    for (const [className, concurrency, label] of [
      ['chosen', saturation.chosenConcurrency, 'chosen: 16 in flight'],
      ['slots', whole.results.engine.slots!, '16 slots of the server'],
    ] as const) {
      const marker = within(plot, 'g').find((g) => attribute(g, 'class') === className)!;
      expect(attribute(within(marker, 'line')[0]!, 'x1')).toBe(xOf(concurrency));
      expect(textOf(marker)).toBe(label);
    }
    // Up is more.
    const highest = [...circles].sort((a, b) => numbers(a, 'cy')[0]! - numbers(b, 'cy')[0]!)[0];
    const fastest = saturation.windows.reduce((a, b) => (b.tokensPerSecond > a.tokensPerSecond ? b : a));
    expect(circles.indexOf(highest!)).toBe(saturation.windows.indexOf(fastest));
  });

  test('let the distribution of latencies rise from nothing to all, with as many steps as answers', async () => {
    const plot = plotOf(await page(whole), 'latency')!;
    const paths = within(plot, 'path').map((path) => attribute(path, 'd')!);
    expect(paths).toHaveLength(2);
    for (const path of paths) {
      const points = [...path.matchAll(/[ML]([\d.]+),([\d.]+)/g)].map(
        ([, x, y]) => [Number(x), Number(y)] as const,
      );
      expect(points.length).toBeGreaterThan(60);
      for (const [i, [x, y]] of points.slice(1).entries()) {
        expect(x).toBeGreaterThanOrEqual(points[i]![0]);
        expect(y).toBeLessThanOrEqual(points[i]![1]);
      }
      expect([points[0]![1], points.at(-1)![1]]).toEqual([280, 48]);
    }
  });

  test('take a logarithmic axis when the tail is long, also when something took no time at all', async () => {
    const stretched = whole.samples!.map((sample, i) => ({
      ...sample,
      timing: { ...sample.timing, firstTokenMs: 0, endToEndMs: i === 0 ? 0 : 10 ** (i % 5) },
    }));
    const plot = plotOf(await page({ ...whole, samples: stretched }), 'latency')!;
    expect(textOf(plot)).toContain('ms since the request was due, logarithmic');
    expect(within(plot, 'path').every((path) => !attribute(path, 'd')!.includes('NaN'))).toBe(true);
  });

  test('are not there when there is nothing to draw', async () => {
    const { results } = whole;
    const performance = { ...results.performance, saturation: notSearched(4) };
    const without = await page({ ...whole, results: { ...results, performance } });
    expect(plotOf(without, 'throughput')).toBeUndefined();
    expect(plotOf(await page({ ...whole, samples: null }), 'latency')).toBeUndefined();
    expect(plotOf(await page(whole, []), 'telemetry')).toBeUndefined();
    expect(plotOf(await page(whole, exampleTelemetry()), 'telemetry')).toBeDefined();
  });

  test('leave gaps where the machines told nothing, and only draw what is known', async () => {
    const lines = exampleTelemetry().map((line, i) => ({
      ...line,
      server: null,
      gpus: i % 40 < 20 ? line.gpus : null,
    }));
    const plot = plotOf(await page(whole, lines), 'telemetry')!;
    expect(textOf(plot)).not.toContain('Requests in the server');
    const first = attribute(within(plot, 'path')[0]!, 'd')!;
    expect(first.match(/M/g)!.length).toBe(4);
  });
});
