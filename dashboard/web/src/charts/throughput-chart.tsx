/** Tokens a second and latency against the requests in flight; the chosen point is marked. */
import type { Saturation } from '@he300/benchmark/contract';
import {
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceDot,
  ReferenceLine,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from 'recharts';
import { amount } from '../lib/format';
import { AXIS, below, LINES, MARGIN, tickText } from './axes';
import { BASELINE, CARD, INK, mark } from './palette';
import { PlotTip } from './plot-tip';
import { byConcurrency, type LoadPoint } from './throughput-points';

interface Props {
  readonly saturation: Pick<Saturation, 'windows' | 'chosenConcurrency'>;
  /** Requests that the server works on at once; null when unknown. */
  readonly slots: number | null;
}

export default function ThroughputChart({ saturation, slots }: Props) {
  const points = byConcurrency(saturation.windows);
  const chosen = points.find(({ concurrency }) => concurrency === saturation.chosenConcurrency);
  const last = Math.max(slots ?? 1, ...points.map(({ concurrency }) => concurrency));
  return (
    <ResponsiveContainer width="100%" height={300}>
      <ComposedChart data={points} margin={{ ...MARGIN, top: 24, right: 8, bottom: 16 }}>
        <CartesianGrid {...LINES} />
        <XAxis
          type="number"
          scale="log"
          dataKey="concurrency"
          domain={[Math.min(...points.map(({ concurrency }) => concurrency)), last]}
          ticks={[...new Set(points.map(({ concurrency }) => concurrency))]}
          padding={{ left: 16, right: 28 }}
          label={below('requests in flight')}
          {...AXIS}
        />
        <YAxis yAxisId="tokens" width={52} tickFormatter={tickText} domain={[0, 'auto']} {...AXIS} />
        <YAxis
          yAxisId="ms"
          orientation="right"
          width={52}
          tickFormatter={tickText}
          domain={[0, 'auto']}
          {...AXIS}
        />
        <PlotTip<LoadPoint> cursor={{ stroke: INK, strokeOpacity: 0.3 }} of={tip} />
        {slots !== null && (
          <ReferenceLine
            yAxisId="tokens"
            x={slots}
            stroke={BASELINE}
            strokeWidth={2}
            strokeDasharray="4 3"
            label={{ value: `${slots} slots`, position: 'top', fill: INK, fontSize: 11 }}
          />
        )}
        <Line
          yAxisId="tokens"
          dataKey="tokensPerSecond"
          stroke={mark(0).color}
          strokeWidth={2}
          dot={{ r: 3.5, fill: mark(0).color }}
          isAnimationActive={false}
        />
        <Line
          yAxisId="ms"
          dataKey="p95Ms"
          stroke={mark(1).color}
          strokeWidth={2}
          strokeDasharray={mark(1).dash}
          dot={{ r: 3, fill: CARD, strokeDasharray: '0' }}
          isAnimationActive={false}
        />
        {chosen && (
          <ReferenceDot
            yAxisId="tokens"
            x={chosen.concurrency}
            y={chosen.tokensPerSecond}
            r={8}
            fill={CARD}
            stroke={INK}
            strokeWidth={2.5}
            label={{
              value: 'chosen',
              position: 'top',
              offset: 8,
              fill: INK,
              fontSize: 12,
              fontWeight: 600,
            }}
          />
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

const tip = (point: LoadPoint) => ({
  title: `${point.concurrency} in flight`,
  rows: [
    { name: 'Tokens/s', value: amount(point.tokensPerSecond), color: mark(0).color },
    { name: 'Requests/s', value: amount(point.requestsPerSecond) },
    { name: 'p95', value: `${amount(point.p95Ms)} ms`, color: mark(1).color },
    { name: 'Windows', value: String(point.windows) },
  ],
});
