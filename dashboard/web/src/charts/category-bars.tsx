/** Accuracy of each category as a bar with its interval, and the baseline as a line across it. */
import type { CategoryScore } from '@he300/benchmark/contract';
import { Bar, BarChart, CartesianGrid, ErrorBar, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { interval, percent } from '../lib/format';
import { CATEGORY_LABEL } from '../lib/labels';
import { AXIS, LINES, wholePercent } from './axes';
import { BASELINE, INK, mark } from './palette';
import { PlotTip } from './plot-tip';

interface Row extends CategoryScore {
  readonly name: string;
  readonly error: readonly [below: number, above: number];
}

const ROW_PX = 54;

export default function CategoryBars({ categories }: { readonly categories: readonly CategoryScore[] }) {
  const rows = categories.map((score): Row => ({
    ...score,
    name: CATEGORY_LABEL[score.category],
    error: [score.accuracy - score.wilson95.low, score.wilson95.high - score.accuracy],
  }));
  return (
    <ResponsiveContainer width="100%" height={rows.length * ROW_PX + 36}>
      <BarChart data={rows} layout="vertical" margin={{ top: 4, right: 20, bottom: 4, left: 0 }} barSize={22}>
        <CartesianGrid {...LINES} horizontal={false} />
        <XAxis
          type="number"
          domain={[0, 1]}
          ticks={[0, 0.25, 0.5, 0.75, 1]}
          tickFormatter={wholePercent}
          {...AXIS}
        />
        <YAxis type="category" dataKey="name" width={112} {...AXIS} axisLine={false} />
        <PlotTip of={tip} />
        <Bar
          dataKey="accuracy"
          fill={mark(0).color}
          fillOpacity={0.75}
          isAnimationActive={false}
          shape={BarWithBaseline}
        >
          <ErrorBar dataKey="error" stroke={INK} strokeWidth={1.5} width={5} isAnimationActive={false} />
        </Bar>
      </BarChart>
    </ResponsiveContainer>
  );
}

interface BarShape {
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly payload?: Row;
}

/** The bar's own width gives the scale: the baseline is drawn where its value lies. */
function BarWithBaseline({ x = 0, y = 0, width = 0, height = 0, payload }: BarShape) {
  if (!payload) return <g />;
  const perUnit = payload.accuracy > 0 ? width / payload.accuracy : 0;
  const at = x + payload.majorityBaseline * perUnit;
  return (
    <g>
      <rect x={x} y={y} width={width} height={height} rx={3} fill={mark(0).color} fillOpacity={0.75} />
      {perUnit > 0 && (
        <line
          x1={at}
          x2={at}
          y1={y - 6}
          y2={y + height + 6}
          stroke={BASELINE}
          strokeWidth={3}
          strokeDasharray="4 2"
        />
      )}
    </g>
  );
}

const tip = (row: Row) => ({
  title: row.name,
  rows: [
    { name: 'Accuracy', value: percent(row.accuracy), color: mark(0).color },
    { name: '95 % interval', value: interval(row.wilson95) },
    { name: 'Always the commoner label', value: percent(row.majorityBaseline), color: BASELINE },
    { name: 'Right', value: `${row.correct} of ${row.scenarios}` },
  ],
});
