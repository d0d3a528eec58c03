/** Throughput against concurrency, and what the search for the best one concluded from it. */
import type { Performance, Saturation } from '@he300/benchmark/contract';
import { CircleHelp, Dot, TriangleAlert, type LucideIcon } from 'lucide-react';
import { ThroughputChart } from '../../charts/lazy-chart';
import { Legend } from '../../charts/legend';
import { Badge } from '../../components/badge';
import { Card } from '../../components/card';
import { ChartFrame } from '../../components/chart-frame';
import { Figure, Figures } from '../../components/figure';
import { amount, decimals, plural } from '../../lib/format';
import { SATURATION_LABEL } from '../../lib/labels';
import { BOUND, VERDICT } from './saturation-words';

interface Props {
  readonly performance: Performance;
  readonly slots: number | null;
}

export function LoadSection({ performance, slots }: Props) {
  const { saturation } = performance;
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[2fr_3fr] [&>*]:min-w-0">
      <SaturationCard saturation={saturation} slots={slots} />
      {saturation.windows.length > 0 && <Curve saturation={saturation} slots={slots} />}
    </div>
  );
}

function SaturationCard({
  saturation,
  slots,
}: {
  readonly saturation: Saturation;
  readonly slots: number | null;
}) {
  const { verdict, bound, chosenConcurrency, peakTokensPerSecond, slotsSeen = null } = saturation;
  const { tone, sentence } = VERDICT[verdict];
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-x-3">
          Saturation <Badge tone={tone}>{SATURATION_LABEL[verdict]}</Badge>
        </span>
      }
      description={`${sentence}${bound ? ` ${BOUND[bound]}` : ''}`}
      bodyClassName="grid gap-4"
    >
      <Figures>
        <Figure name="Chosen" value={chosenConcurrency} beside="requests in flight" />
        <Figure
          name="Slots"
          value={slots ?? '–'}
          beside={slots === null ? 'unknown' : slotsSeen !== null && `${slotsSeen} seen under load`}
        />
        <Figure
          name="Peak"
          value={peakTokensPerSecond === null ? '–' : amount(peakTokensPerSecond)}
          beside="tokens/s, prompt and output"
        />
      </Figures>
      <Lines name="Evidence" icon={Dot} lines={saturation.evidence} />
      <Lines name="Warnings" icon={TriangleAlert} className="text-warn" lines={saturation.warnings ?? []} />
      <Lines name="Not known" icon={CircleHelp} className="text-soft" lines={saturation.unknowns ?? []} />
    </Card>
  );
}

interface LinesProps {
  readonly name: string;
  readonly icon: LucideIcon;
  readonly lines: readonly string[];
  readonly className?: string;
}

function Lines({ name, icon: Icon, lines, className = '' }: LinesProps) {
  if (lines.length === 0) return null;
  return (
    <div className="text-sm">
      <h3 className="mb-1 text-xs font-medium text-soft">{name}</h3>
      <ul className={`grid gap-1 ${className}`}>
        {lines.map((line) => (
          <li key={line} className="flex gap-1.5">
            <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
            <bdi className="min-w-0">{line}</bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Curve({ saturation, slots }: { readonly saturation: Saturation; readonly slots: number | null }) {
  const { windows, chosenConcurrency } = saturation;
  return (
    <ChartFrame
      title="Throughput against concurrency"
      description={`${plural(windows.length, 'window')} of load. The smallest concurrency within 95 % of the peak is chosen: ${chosenConcurrency}.`}
      table={{
        columns: ['In flight', 'Tokens/s', 'Requests/s', 'p95, ms', 'Why it was tried'],
        rows: windows.map((window) => [
          `${window.concurrency}${window.concurrency === chosenConcurrency ? ', chosen' : ''}`,
          amount(window.tokensPerSecond),
          amount(window.requestsPerSecond),
          decimals(window.p95Ms, window.p95Ms < 100 ? 1 : 0),
          window.reason,
        ]),
      }}
    >
      <ThroughputChart saturation={saturation} slots={slots} />
      <Legend labels={['Tokens/s (left)', 'p95 of the latency, ms (right)']} />
    </ChartFrame>
  );
}
