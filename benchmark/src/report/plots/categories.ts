/** Accuracy by category: the point, its interval, and what always giving the more frequent label would bring. */
import { scaleLinear } from 'd3-scale';
import type { Score } from '../../contract/score';
import { percent, range } from '../format';
import { markup, type Markup } from '../html/markup';
import { bottomAxis, horizontal, label, vertical } from './axes';
import { figure, px, WIDTH } from './figure';

const ROW = 34;
const AREA = { left: 150, right: WIDTH - 70, top: 30 };

interface Row {
  readonly name: string;
  readonly accuracy: number;
  readonly interval: { readonly low: number; readonly high: number };
  readonly baseline: number;
}

export function categoriesPlot(score: Score): Markup {
  const rows = rowsOf(score);
  const bottom = AREA.top + rows.length * ROW;
  const x = scaleLinear([0, 1], [AREA.left, AREA.right]);
  const description = rows.map(
    ({ name, accuracy, interval, baseline }) =>
      `${name}: ${percent(accuracy)}, ${range(interval)}, baseline ${percent(baseline)}.`,
  );
  return figure(
    {
      id: 'categories',
      title: 'Accuracy by category with 95 % intervals and majority baselines',
      description: description.join(' '),
      height: bottom + 28,
    },
    [
      legend(),
      bottomAxis(
        { ...AREA, bottom },
        { ticks: x.ticks(5), at: x, format: (value) => `${Math.round(value * 100)} %`, label: '' },
      ),
      ...rows.map((row, i) => marksOf(row, AREA.top + (i + 0.5) * ROW, x)),
    ],
  );
}

const rowsOf = ({ overall, categories }: Score): Row[] => [
  ...categories.map(({ category, accuracy, wilson95, majorityBaseline }) => ({
    name: category.replaceAll('_', ' '),
    accuracy,
    interval: wilson95,
    baseline: majorityBaseline,
  })),
  {
    name: 'overall',
    accuracy: overall.accuracy,
    interval: overall.bootstrap95,
    baseline: overall.majorityBaseline,
  },
];

const marksOf = (
  { name, accuracy, interval, baseline }: Row,
  y: number,
  x: (value: number) => number,
): Markup =>
  markup`<g class="${name === 'overall' ? 'overall' : 'category'}">
${label('', AREA.left - 14, y + 4, name, 'end')}
${horizontal('interval', x(interval.low), x(interval.high), y)}${vertical('baseline', x(baseline), y - 10, y + 10)}
${point(x(accuracy), y)}${label('value', AREA.right + 12, y + 4, percent(accuracy))}
</g>
`;

const point = (x: number, y: number): Markup =>
  markup`<circle class="point" cx="${px(x)}" cy="${px(y)}" r="5"/>`;

const legend = (): Markup => {
  const { left } = AREA;
  return markup`<g class="legend">
${horizontal('interval', left, left + 28, 12)}${point(left + 14, 12)}${label('', left + 36, 16, 'accuracy, 95 % interval')}
${vertical('baseline', left + 212, 3, 21)}${label('', left + 222, 16, 'majority baseline')}
</g>
`;
};
