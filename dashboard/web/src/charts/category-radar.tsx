/** Accuracies of several runs by category, on spokes. */
import { PolarAngleAxis, PolarGrid, PolarRadiusAxis, Radar, RadarChart, ResponsiveContainer } from 'recharts';
import { percent } from '../lib/format';
import { wholePercent } from './axes';
import { LINE, type Mark, mark, SOFT } from './palette';
import { PlotTip } from './plot-tip';
import type { RadarRow } from './radar-rows';

interface Props {
  readonly rows: readonly RadarRow[];
  /** Names of the values of each row, in their order. */
  readonly series: readonly string[];
  /** @default - the marks of the series, in their order */
  readonly marks?: readonly Mark[];
}

export default function CategoryRadar({ rows, series, marks }: Props) {
  const look = (i: number) => marks?.[i] ?? mark(i);
  return (
    <ResponsiveContainer width="100%" height={310}>
      <RadarChart data={[...rows]} outerRadius="80%" margin={{ top: 16, right: 74, bottom: 4, left: 74 }}>
        <PolarGrid stroke={LINE} />
        <PolarAngleAxis dataKey="name" tick={SpokeName} />
        <PolarRadiusAxis
          domain={[0, 1]}
          ticks={[0, 0.25, 0.5, 0.75, 1]}
          angle={54}
          axisLine={false}
          tick={{ fill: SOFT, fontSize: 10 }}
          tickFormatter={(part: number) => (part === 0.5 || part === 1 ? wholePercent(part) : '')}
        />
        {series.map((name, i) => (
          <Radar
            key={name}
            name={name}
            dataKey={(row: RadarRow) => row.values[i]}
            stroke={look(i).color}
            strokeWidth={2}
            strokeDasharray={look(i).dash}
            fill={look(i).color}
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
              color: look(i).color,
            })),
          })}
        />
      </RadarChart>
    </ResponsiveContainer>
  );
}

const percentOrDash = (value: number | null | undefined): string =>
  typeof value === 'number' ? percent(value) : '–';

interface SpokeProps {
  readonly x?: number | string | undefined;
  readonly y?: number | string | undefined;
  readonly textAnchor?: 'start' | 'middle' | 'end' | 'inherit' | undefined;
  readonly payload?: { readonly value: string } | undefined;
}

/** In two lines where it has a comma, so that it has room at the side. */
function SpokeName({ x, y, textAnchor, payload }: SpokeProps) {
  const lines = (payload?.value ?? '').split(', ');
  return (
    <text x={x} y={y} textAnchor={textAnchor} fill={SOFT} fontSize={12}>
      {lines.map((line, i) => (
        <tspan key={line} x={x} dy={i === 0 ? '0.35em' : '1.1em'}>
          {line}
        </tspan>
      ))}
    </text>
  );
}
