/** Cumulative distribution of latencies: which part of the answers had come after how long. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import type { Sample } from '../../contract/sample';
import { quantile } from '../../statistics/bootstrap';
import { ms, plural, tickText } from '../format';
import { markup, type Markup } from '../html/markup';
import { bottomAxis, horizontal, label, leftAxis } from './axes';
import { figure, WIDTH } from './figure';

const AREA = { left: 64, right: WIDTH - 24, top: 48, bottom: 280 };

/** A tail longer than this many times the shortest wait is drawn on a logarithmic scale. */
const LONG_TAIL = 20;

interface Curve {
  readonly name: string;
  readonly className: string;
  /** Ascending, never empty. */
  readonly values: readonly number[];
}

/** Undefined when nothing was answered. */
export function latencyPlot(scored: readonly Sample[]): Markup | undefined {
  const curves = curvesOf(scored);
  if (curves.length === 0) return undefined;
  const all = curves.flatMap(({ values }) => values);
  const [shortest, longest] = [Math.max(0.1, Math.min(...all)), Math.max(0.2, ...all)];
  const isLong = longest / shortest > LONG_TAIL;
  const scale = isLong
    ? scaleLog([shortest, longest], [AREA.left, AREA.right])
    : scaleLinear([0, longest], [AREA.left, AREA.right]);
  const x = scale.nice();
  const y = scaleLinear([0, 1], [AREA.bottom, AREA.top]);
  const path = line()
    .curve(curveStepAfter)
    .digits(1)
    .x(([value]) => x(Math.max(shortest, value)))
    .y(([, part]) => y(part));
  return figure(
    {
      id: 'latency',
      title: 'Cumulative distribution of latencies',
      description: curves.map(describe).join(' '),
      height: AREA.bottom + 44,
    },
    [
      leftAxis(AREA, {
        ticks: [0, 0.25, 0.5, 0.75, 0.9, 1],
        at: y,
        format: (part) => `${part * 100} %`,
        label: 'of the answers',
      }),
      bottomAxis(AREA, {
        ticks: isLong ? onesTwosFives(x.ticks(6)) : x.ticks(8),
        at: x,
        format: tickText,
        label: `ms since the request was due${isLong ? ', logarithmic' : ''}`,
      }),
      ...curves.map(
        ({ className, values }) => markup`<path class="${className}" d="${path(steps(values))}"/>`,
      ),
      ...curves.map(({ name, className }, i) => legend(name, className, AREA.right - 230 + i * 120)),
    ],
  );
}

function curvesOf(scored: readonly Sample[]): Curve[] {
  const answered = scored.filter(({ error }) => error === null).map(({ timing }) => timing);
  const firsts = answered.flatMap(({ firstTokenMs }) => (firstTokenMs === null ? [] : [firstTokenMs]));
  const wholes = answered.map(({ endToEndMs }) => endToEndMs);
  return [
    { name: 'end to end', className: 'curve', values: ascending(wholes) },
    // Dashed and on top, so that both are seen where an answer is one piece.
    { name: 'first token', className: 'curve second', values: ascending(firsts) },
  ].filter(({ values }) => values.length > 0);
}

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

const describe = ({ name, values }: Curve): string =>
  `${name}: half of ${plural(values.length, 'answer')} within ${ms(quantile(values, 0.5))} ms, 95 % within ${ms(quantile(values, 0.95))} ms.`;

/** From nothing at the first value to all at the last. */
const steps = (values: readonly number[]): [value: number, part: number][] => [
  [values[0]!, 0],
  ...values.map((value, i): [number, number] => [value, (i + 1) / values.length]),
];

/** Of a logarithmic scale's ticks: the others would stand too close for their labels. */
const onesTwosFives = (ticks: readonly number[]): number[] =>
  ticks.filter((tick) => ['1', '2', '5'].includes(tick.toExponential()[0]!));

const legend = (name: string, className: string, x: number): Markup =>
  markup`${horizontal(className, x, x + 24, 14)}${label('note', x + 30, 18, name)}
`;
