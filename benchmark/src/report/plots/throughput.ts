/** Throughput against concurrency: every window of the search, with the chosen point and the server's slots. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import type { Saturation } from '../../contract/performance';
import { amount, plural, tickText } from '../format';
import { markup, type Markup } from '../html/markup';
import { bottomAxis, horizontal, label, leftAxis, vertical } from './axes';
import { figure, px, WIDTH } from './figure';

const AREA = { left: 64, right: WIDTH - 24, top: 64, bottom: 290 };

/** Of the peak: what the chosen concurrency brings at least. */
const ENOUGH = 0.95;

/** Ticks closer than this would cover one another's labels. */
const TICK_APART = 30;

/** Undefined when nothing was searched. */
export function throughputPlot(saturation: Saturation, slots: number | null): Markup | undefined {
  const { windows, chosenConcurrency, peakTokensPerSecond } = saturation;
  if (windows.length === 0) return undefined;
  const points = meansOf(windows);
  const marked = [
    ...points.map(([concurrency]) => concurrency),
    chosenConcurrency,
    ...(slots === null ? [] : [slots]),
  ];
  const x = scaleLog([Math.min(...marked) / 1.15, Math.max(...marked) * 1.15], [AREA.left, AREA.right]);
  const best = Math.max(...windows.map(({ tokensPerSecond }) => tokensPerSecond));
  const y = scaleLinear([0, Math.max(best, 1) * 1.05], [AREA.bottom, AREA.top]).nice(5);
  const curve = line()
    .digits(1)
    .x(([concurrency]) => x(concurrency))
    .y(([, mean]) => y(mean));
  return figure(
    {
      id: 'throughput',
      title: 'Throughput against requests in flight',
      description: describe(saturation, slots, best),
      height: AREA.bottom + 44,
    },
    [
      leftAxis(AREA, { ticks: y.ticks(5), at: y, format: tickText, label: 'tokens/s, prompt and output' }),
      bottomAxis(AREA, {
        ticks: apart(marked, x),
        at: x,
        format: tickText,
        label: 'requests in flight, logarithmic',
      }),
      ...(peakTokensPerSecond === null ? [] : enough(y(peakTokensPerSecond * ENOUGH))),
      ...(slots === null ? [] : [marker('slots', x(slots), `${plural(slots, 'slot')} of the server`, 34)]),
      marker('chosen', x(chosenConcurrency), `chosen: ${chosenConcurrency} in flight`, 14),
      markup`<path class="curve" d="${curve(points)}"/>`,
      ...windows.map(
        ({ concurrency, tokensPerSecond }) =>
          markup`<circle class="point" cx="${px(x(concurrency))}" cy="${px(y(tokensPerSecond))}" r="${concurrency === chosenConcurrency ? 6 : 4}"/>`,
      ),
    ],
  );
}

function describe({ windows, chosenConcurrency }: Saturation, slots: number | null, best: number): string {
  const known = slots === null ? '' : ` The server has ${plural(slots, 'slot')}.`;
  return `${plural(windows.length, 'window')}; the fastest brought ${amount(best)} tokens/s. Chosen: ${chosenConcurrency} in flight.${known}`;
}

/** Mean of the windows at each concurrency, ascending. */
function meansOf(windows: Saturation['windows']): [concurrency: number, mean: number][] {
  const concurrencies = [...new Set(windows.map(({ concurrency }) => concurrency))].sort((a, b) => a - b);
  return concurrencies.map((concurrency) => {
    const same = windows.filter((window) => window.concurrency === concurrency);
    return [concurrency, same.reduce((sum, { tokensPerSecond }) => sum + tokensPerSecond, 0) / same.length];
  });
}

/** A tick where something is, but for those that stand too close to the one before. */
function apart(values: readonly number[], at: (value: number) => number): number[] {
  const ticks: number[] = [];
  for (const value of [...new Set(values)].sort((a, b) => a - b))
    if (ticks.length === 0 || at(value) - at(ticks.at(-1)!) >= TICK_APART) ticks.push(value);
  return ticks;
}

const enough = (y: number): Markup[] => [
  horizontal('enough', AREA.left, AREA.right, y),
  label('note', AREA.left + 8, y - 6, '95 % of the peak'),
];

/** Each in a row of its own above the plot, so that neither covers the other. */
const marker = (className: string, x: number, text: string, y: number): Markup =>
  markup`<g class="${className}">${vertical('', x, y + 6, AREA.bottom)}${label('', x, y, text, anchorAt(x))}</g>
`;

function anchorAt(x: number): 'start' | 'middle' | 'end' {
  const part = (x - AREA.left) / (AREA.right - AREA.left);
  return part < 0.2 ? 'start' : part > 0.8 ? 'end' : 'middle';
}
