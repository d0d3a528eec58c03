/** How long answers took: two histograms of the single answers, and the percentiles of the results. */
import type { Performance } from '@he300/benchmark/contract';
import type { RunDetail } from '../../../../api/run';
import { LatencyHistogram } from '../../charts/lazy-chart';
import { binName, histogram, rank } from '../../charts/histogram';
import { Card } from '../../components/card';
import { ChartFrame } from '../../components/chart-frame';
import { DataTable } from '../../components/data-table';
import { EmptyState } from '../../components/empty-state';
import { ErrorState } from '../../components/error-state';
import { Skeleton } from '../../components/skeleton';
import { amount, plural, whole } from '../../lib/format';
import { latencyRows, PERCENTILES } from './latency-rows';
import { useAllSamples } from './use-all-samples';

interface Props {
  readonly run: RunDetail;
  readonly performance: Performance;
}

export function LatencySection({ run, performance }: Props) {
  const rows = latencyRows(performance);
  return (
    <>
      <Histograms run={run} />
      {rows.length > 0 && (
        <Card
          title="Latencies"
          description="Milliseconds. End to end and first token count from when the request was due, so a wait in the runner is in them."
          bodyClassName="p-0 pb-1"
        >
          <DataTable
            caption="Latencies in milliseconds"
            rows={rows}
            rowKey={({ name }) => name}
            columns={[
              { id: 'name', header: 'Latency', rowHeader: true, cell: ({ name }) => name },
              ...PERCENTILES.map(([key, header]) => ({
                id: key,
                header,
                align: 'right' as const,
                cell: ({ values }: (typeof rows)[number]) => amount(values[key]),
              })),
            ]}
          />
        </Card>
      )}
    </>
  );
}

function Histograms({ run }: { readonly run: RunDetail }) {
  const { samples, complete, error, retry } = useAllSamples(run.runId, 'scored', run.sampleCount > 0);
  if (run.sampleCount === 0)
    return (
      <div className="rounded-lg border border-line bg-card">
        <EmptyState title="No answers came">
          The histograms are drawn from samples.jsonl, which the host uploads when the run has ended.
        </EmptyState>
      </div>
    );
  if (error) return <ErrorState error={error} retry={retry} />;
  if (!complete)
    return (
      <div className="grid gap-4 lg:grid-cols-2">
        <Skeleton className="h-80" />
        <Skeleton className="h-80" />
      </div>
    );
  const answered = samples.filter((sample) => sample.error === null);
  const ends = answered.map(({ timing }) => timing.endToEndMs);
  const firsts = answered.flatMap(({ timing }) =>
    timing.firstTokenMs === null ? [] : [timing.firstTokenMs],
  );
  return (
    <div className="grid gap-4 lg:grid-cols-2 [&>*]:min-w-0">
      <Distribution title="End to end" values={ends} />
      <Distribution title="First token" values={firsts} />
    </div>
  );
}

function Distribution({ title, values }: { readonly title: string; readonly values: readonly number[] }) {
  if (values.length === 0) return null;
  const bins = histogram(values);
  const last = bins.at(-1);
  const open = last?.to === null ? ` The last bar takes all from ${amount(last.from)} ms on.` : '';
  const sorted = values.toSorted((a, b) => a - b);
  const [p50Ms, p95Ms] = [rank(sorted, 0.5), rank(sorted, 0.95)];
  return (
    <ChartFrame
      title={`Latency: ${title.toLowerCase()}`}
      description={`${plural(values.length, 'scored answer')}. Half came within ${amount(p50Ms)} ms, 95 % within ${amount(p95Ms)} ms.${open}`}
      table={{ columns: ['Latency', 'Answers'], rows: bins.map((bin) => [binName(bin), whole(bin.count)]) }}
    >
      <LatencyHistogram bins={bins} p50Ms={p50Ms} p95Ms={p95Ms} />
    </ChartFrame>
  );
}
