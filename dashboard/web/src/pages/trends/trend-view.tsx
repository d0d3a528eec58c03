/** The chart and the table of one model's runs. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { GitCompareArrows } from 'lucide-react';
import type { Trend } from '../../../../api/overview';
import { TrendChart } from '../../charts/lazy-chart';
import { Accuracy } from '../../components/accuracy';
import { Badge } from '../../components/badge';
import { Button } from '../../components/button';
import { Card } from '../../components/card';
import { ChartFrame } from '../../components/chart-frame';
import { DataTable } from '../../components/data-table';
import { EmptyState } from '../../components/empty-state';
import { ErrorState } from '../../components/error-state';
import { Time } from '../../components/figures';
import { SkeletonRows } from '../../components/skeleton';
import { VerdictBadge } from '../../components/verdict-badge';
import { interval, minute, percent, plural } from '../../lib/format';
import { trendQuery } from '../../lib/queries';
import { pValue } from '../compare/verdict-words';
import { regressionSentence } from './trend-words';
import { TrendLegend } from './trend-legend';

type Point = Trend['points'][number];

export function TrendView({ model, spec }: { readonly model: string; readonly spec: string }) {
  const { data, error, refetch } = useQuery(trendQuery(model, spec));
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={4} className="h-24" />;
  const { points } = data;
  if (points.length === 0)
    return (
      <div className="rounded-lg border border-line bg-card">
        <EmptyState title={`No complete run of specification ${spec}`}>
          Choose another specification, or run <bdi>{model}</bdi> with this one.
        </EmptyState>
      </div>
    );
  return (
    <div className="grid gap-4 [&>*]:min-w-0">
      <h2 className="sr-only">{model}</h2>
      <Regressions points={points} />
      <Chart points={points} />
      <PointsTable points={points} />
    </div>
  );
}

function Regressions({ points }: { readonly points: readonly Point[] }) {
  const worse = points.filter(({ regression }) => regression);
  return (
    <p role="status" className="flex flex-wrap items-center gap-2">
      {worse.length > 0 ? (
        <Badge tone="bad">{plural(worse.length, 'regression')}</Badge>
      ) : (
        <Badge tone="good">No regression shown</Badge>
      )}
      <span className="text-sm text-soft">{regressionSentence(points)}</span>
    </p>
  );
}

function Chart({ points }: { readonly points: readonly Point[] }) {
  const navigate = useNavigate();
  return (
    <ChartFrame
      title="Accuracy over time"
      description="The band is the 95 % interval of each run. The scale does not begin at zero."
      table={{
        columns: ['Ended', 'Run', 'Accuracy', '95 %', 'Baseline', 'Against the run before'],
        rows: points.map(({ run, sincePrevious }) => [
          minute(run.endedAt ?? run.createdAt),
          run.runId,
          run.outcome && percent(run.outcome.accuracy),
          run.outcome && interval(run.outcome.wilson95),
          run.outcome && percent(run.outcome.majorityBaseline),
          sincePrevious?.verdict ?? null,
        ]),
      }}
    >
      <TrendChart
        points={points}
        onOpen={(runId) => void navigate({ to: '/runs/$runId', params: { runId }, search: {} })}
      />
      <TrendLegend />
    </ChartFrame>
  );
}

function PointsTable({ points }: { readonly points: readonly Point[] }) {
  const before = (point: Point) => points[points.indexOf(point) - 1]?.run.runId;
  return (
    <Card title="Runs" description="The newest first." bodyClassName="p-0 pb-1">
      <DataTable
        caption="Runs of the trend"
        rows={points.toReversed()}
        rowKey={({ run }) => run.runId}
        columns={[
          {
            id: 'run',
            header: 'Run',
            rowHeader: true,
            className: 'max-w-44 sm:max-w-72',
            cell: ({ run }) => (
              <Link
                to="/runs/$runId"
                params={{ runId: run.runId }}
                className="block truncate font-mono text-xs text-accent underline underline-offset-2 hover:no-underline"
              >
                {run.runId}
              </Link>
            ),
          },
          { id: 'ended', header: 'Ended', cell: ({ run }) => <Time value={run.endedAt ?? run.createdAt} /> },
          {
            id: 'accuracy',
            header: 'Accuracy',
            cell: ({ run }) => (run.outcome ? <Accuracy {...run.outcome} /> : '–'),
          },
          { id: 'verdict', header: 'Against the run before', cell: (point) => <Since point={point} /> },
          {
            id: 'p',
            header: 'Adjusted p',
            align: 'right',
            cell: ({ sincePrevious }) => (sincePrevious ? pValue(sincePrevious.adjustedPValue) : '–'),
          },
          {
            id: 'digest',
            header: 'Weights',
            cell: ({ run }) => (
              <code className="font-mono text-xs" title={run.modelDigest ?? undefined}>
                {run.modelDigest?.replace(/^sha256:/, '').slice(0, 12) ?? '–'}
              </code>
            ),
          },
          { id: 'engine', header: 'Engine', cell: ({ run }) => run.engine ?? '–' },
          {
            id: 'compare',
            header: <span className="sr-only">Compare</span>,
            cell: (point) => {
              const previous = before(point);
              return (
                previous !== undefined && (
                  <Button asChild size="small" variant="quiet">
                    <Link to="/compare" search={{ runs: `${previous},${point.run.runId}` }}>
                      <GitCompareArrows aria-hidden />
                      Compare
                      <span className="sr-only"> {point.run.runId} with the run before</span>
                    </Link>
                  </Button>
                )
              );
            },
          },
        ]}
      />
    </Card>
  );
}

function Since({ point: { sincePrevious } }: { readonly point: Point }) {
  if (!sincePrevious) return <span className="text-soft">not compared</span>;
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <VerdictBadge verdict={sincePrevious.verdict} />
      <span className="text-xs text-soft">on {plural(sincePrevious.scenarios, 'scenario')}</span>
    </span>
  );
}
