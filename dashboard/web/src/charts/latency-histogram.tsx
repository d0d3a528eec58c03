/** How many answers took how long. */
import { Bar, BarChart, CartesianGrid, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { plural } from '../lib/format';
import { AXIS, below, LINES, MARGIN, tickText } from './axes';
import { type Bin, binName } from './histogram';
import { INK, mark } from './palette';
import { PlotTip } from './plot-tip';

interface Props {
  readonly bins: readonly Bin[];
  readonly p50Ms: number;
  readonly p95Ms: number;
}

interface Row extends Bin {
  readonly middle: number;
}

export default function LatencyHistogram({ bins, p50Ms, p95Ms }: Props) {
  const closed = bins.filter((bin) => bin.to !== null);
  const width = closed[0] ? closed[0].to! - closed[0].from : 1;
  const rows = bins.map((bin): Row => ({ ...bin, middle: bin.from + width / 2 }));
  const [first, last] = [bins[0]?.from ?? 0, (bins.at(-1)?.from ?? 0) + width];
  const marker = (at: number, name: string) =>
    at <= last && (
      <ReferenceLine
        x={at}
        stroke={INK}
        strokeDasharray="4 3"
        label={{ value: name, position: 'top', fill: INK, fontSize: 11 }}
      />
    );
  return (
    <ResponsiveContainer width="100%" height={260}>
      <BarChart data={rows} margin={{ ...MARGIN, top: 20, bottom: 16 }} barCategoryGap={1} barGap={0}>
        <CartesianGrid {...LINES} vertical={false} />
        <XAxis
          type="number"
          dataKey="middle"
          domain={[first, last]}
          tickFormatter={tickText}
          label={below('ms')}
          {...AXIS}
        />
        <YAxis allowDecimals={false} width={40} {...AXIS} />
        <PlotTip<Row>
          of={(bin) => ({
            title: binName(bin),
            rows: [{ name: 'Answers', value: plural(bin.count, 'answer') }],
          })}
        />
        <Bar dataKey="count" fill={mark(0).color} isAnimationActive={false} />
        {marker(p50Ms, 'p50')}
        {marker(p95Ms, 'p95')}
      </BarChart>
    </ResponsiveContainer>
  );
}
