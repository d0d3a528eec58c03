/** Accuracy of a model over time with its interval; a regression that the paired test shows is marked. */
import { Area, CartesianGrid, ComposedChart, Line, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { interval, minute, percent } from '../lib/format';
import { AXIS, LINES, MARGIN, wholePercent } from './axes';
import { BAD, BASELINE, CARD, GOOD, INK, mark } from './palette';
import { PlotTip } from './plot-tip';
import { trendRows, trendTicks, type TrendPoint, type TrendRow } from './trend-points';

interface Props {
  readonly points: readonly TrendPoint[];
  readonly onOpen: (runId: string) => void;
}

const DAY_MS = 86_400_000;

export default function TrendChart({ points, onOpen }: Props) {
  const rows = trendRows(points);
  const ticks = trendTicks(rows);
  const days = rows.length < 2 ? 0 : (rows.at(-1)!.at - rows[0]!.at) / DAY_MS;
  return (
    <ResponsiveContainer width="100%" height={340}>
      <ComposedChart data={rows} margin={{ ...MARGIN, top: 20, right: 24 }}>
        <CartesianGrid {...LINES} vertical={false} />
        <XAxis
          type="number"
          scale="time"
          dataKey="at"
          domain={['dataMin', 'dataMax']}
          tickFormatter={(at: number) => {
            const time = minute(new Date(at).toISOString());
            return days > 2 ? time.slice(0, 10) : time.slice(5);
          }}
          tickCount={6}
          minTickGap={32}
          padding={{ left: 16, right: 16 }}
          {...AXIS}
        />
        <YAxis
          width={48}
          domain={[ticks[0] ?? 0, ticks.at(-1) ?? 1]}
          ticks={ticks}
          tickFormatter={wholePercent}
          {...AXIS}
        />
        <PlotTip<TrendRow> cursor={{ stroke: INK, strokeOpacity: 0.3 }} of={tip} />
        <Area
          dataKey="band"
          stroke="none"
          fill={mark(0).color}
          fillOpacity={0.16}
          activeDot={false}
          isAnimationActive={false}
        />
        <Line
          dataKey="baseline"
          stroke={BASELINE}
          strokeWidth={1.75}
          strokeDasharray="4 3"
          dot={false}
          activeDot={false}
          isAnimationActive={false}
        />
        <Line
          dataKey="accuracy"
          stroke={mark(0).color}
          strokeWidth={2}
          isAnimationActive={false}
          activeDot={false}
          dot={({ cx, cy, payload }: DotProps) => (
            <TrendDot key={payload.point.run.runId} cx={cx} cy={cy} payload={payload} onOpen={onOpen} />
          )}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
}

interface DotProps {
  readonly cx?: number | undefined;
  readonly cy?: number | undefined;
  readonly payload: TrendRow;
}

/** A triangle down: worse; up: better; a disc: no difference was shown. */
function TrendDot({ cx = 0, cy = 0, payload, onOpen }: DotProps & Pick<Props, 'onOpen'>) {
  const { run, regression, sincePrevious } = payload.point;
  const open = () => onOpen(run.runId);
  const triangle = (tip: number) =>
    `M${cx} ${cy + tip * 8}L${cx - 7} ${cy - tip * 5}L${cx + 7} ${cy - tip * 5}Z`;
  const look = { stroke: CARD, strokeWidth: 1.5, className: 'cursor-pointer', onClick: open };
  if (regression) return <path d={triangle(1)} fill={BAD} {...look} />;
  if (sincePrevious?.verdict === 'better') return <path d={triangle(-1)} fill={GOOD} {...look} />;
  return <circle cx={cx} cy={cy} r={4.5} fill={mark(0).color} {...look} />;
}

const tip = ({ at, accuracy, band, baseline, point }: TrendRow) => ({
  title: `${minute(new Date(at).toISOString())} UTC`,
  rows: [
    { name: 'Accuracy', value: percent(accuracy), color: mark(0).color },
    { name: '95 % interval', value: interval({ low: band[0], high: band[1] }) },
    { name: 'Baseline', value: percent(baseline), color: BASELINE },
    { name: 'Against the run before', value: point.sincePrevious?.verdict ?? 'not compared' },
    { name: 'Run', value: point.run.runId },
  ],
});
