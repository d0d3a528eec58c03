/** One panel of telemetry over the time of the run, the stretches of its work shaded. */
import { CartesianGrid, Line, LineChart, ReferenceArea, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { duration } from '../lib/format';
import { AXIS, LINES, MARGIN, tickText, wholePercent } from './axes';
import { INK, mark, SHADE } from './palette';
import { PlotTip } from './plot-tip';
import { inUnit, type Panel, type Stretch } from './telemetry-panels';

interface Props {
  readonly panel: Panel;
  readonly seconds: readonly number[];
  readonly during: readonly (string | null)[];
  readonly stretches: readonly Stretch[];
}

interface Row {
  readonly seconds: number;
  readonly during: string | null;
  readonly values: readonly (number | null)[];
}

export default function TelemetryPlot({ panel, seconds, during, stretches }: Props) {
  const rows = seconds.map((at, i): Row => ({
    seconds: at,
    during: during[i] ?? null,
    values: panel.lines.map(({ values }) => values[i] ?? null),
  }));
  const share = panel.unit === 'part';
  return (
    <ResponsiveContainer width="100%" height={170}>
      <LineChart data={rows} syncId="telemetry" margin={MARGIN}>
        <CartesianGrid {...LINES} vertical={false} />
        {stretches
          .filter(({ during }) => during === 'scored')
          .map(({ from, to }) => (
            <ReferenceArea key={from} x1={from} x2={to} fill={SHADE} fillOpacity={0.7} />
          ))}
        <XAxis
          type="number"
          dataKey="seconds"
          domain={['dataMin', 'dataMax']}
          tickFormatter={(at: number) => (at === 0 ? '0' : duration(at))}
          tickCount={5}
          minTickGap={24}
          {...AXIS}
        />
        <YAxis
          width={52}
          domain={share ? [0, 1] : [0, 'auto']}
          tickFormatter={share ? wholePercent : tickText}
          {...(share && { ticks: [0, 0.5, 1] })}
          {...AXIS}
        />
        <PlotTip<Row>
          cursor={{ stroke: INK, strokeOpacity: 0.3 }}
          of={(row) => ({
            title: `after ${duration(row.seconds)}${row.during === null ? '' : `: ${row.during}`}`,
            rows: panel.lines.map(({ label }, i) => ({
              name: label,
              value: inUnit(row.values[i], panel.unit),
              color: mark(i).color,
            })),
          })}
        />
        {panel.lines.map(({ label }, i) => (
          <Line
            key={label}
            name={label}
            dataKey={(row: Row) => row.values[i]}
            stroke={mark(i).color}
            strokeDasharray={mark(i).dash}
            strokeWidth={1.75}
            dot={false}
            connectNulls={false}
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}
