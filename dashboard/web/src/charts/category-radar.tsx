/** Accuracies of several runs by category, on spokes. */
import { PolarAngleAxis, PolarGrid, PolarRadiusAxis, Radar, RadarChart, ResponsiveContainer } from 'recharts';
import { percent } from '../lib/format';
import { wholePercent } from './axes';
import { GRID, mark, SOFT } from './palette';
import { PlotTip } from './plot-tip';
import type { RadarRow } from './radar-rows';

interface Props {
  readonly rows: readonly RadarRow[];
  /** Names of the values of each row, in their order. */
  readonly series: readonly string[];
}

export default function CategoryRadar({ rows, series }: Props) {
  return (
    <ResponsiveContainer width="100%" height={290}>
      <RadarChart data={[...rows]} outerRadius="70%" margin={{ top: 8, right: 24, bottom: 8, left: 24 }}>
        <PolarGrid stroke={GRID} />
        <PolarAngleAxis dataKey="name" tick={{ fill: SOFT, fontSize: 12 }} />
        <PolarRadiusAxis
          domain={[0, 1]}
          ticks={[0, 0.25, 0.5, 0.75, 1]}
          angle={90}
          axisLine={false}
          tick={{ fill: SOFT, fontSize: 10 }}
          tickFormatter={wholePercent}
        />
        {series.map((name, i) => (
          <Radar
            key={name}
            name={name}
            dataKey={(row: RadarRow) => row.values[i]}
            stroke={mark(i).color}
            strokeWidth={2}
            strokeDasharray={mark(i).dash}
            fill={mark(i).color}
            fillOpacity={i === 0 ? 0.16 : 0}
            dot={{ r: 2.5, strokeWidth: 0, fillOpacity: 1 }}
            isAnimationActive={false}
          />
        ))}
        <PlotTip<RadarRow>
          cursor={false}
          of={({ name, values }) => ({
            title: name,
            rows: series.map((each, i) => ({
              name: each,
              value: percentOrDash(values[i]),
              color: mark(i).color,
            })),
          })}
        />
      </RadarChart>
    </ResponsiveContainer>
  );
}

const percentOrDash = (value: number | null | undefined): string =>
  typeof value === 'number' ? percent(value) : '–';
