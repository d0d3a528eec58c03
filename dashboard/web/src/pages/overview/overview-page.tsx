/** The first page: what runs now, where each model stands, and in which categories. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Overview } from '../../../../api/overview';
import { Card } from '../../components/card';
import { EmptyState } from '../../components/empty-state';
import { ErrorState } from '../../components/error-state';
import { PageHeader } from '../../components/page-header';
import { SkeletonRows } from '../../components/skeleton';
import { overviewQuery } from '../../lib/queries';
import { HeatMap } from './heat-map';
import { LatestTable } from './latest-table';
import { RunningList } from './running-list';
import { StateCounts } from './state-counts';

export function OverviewPage() {
  const { data, error, refetch } = useQuery(overviewQuery);
  return (
    <>
      <PageHeader
        title="Overview"
        description="What runs now, and the latest whole result of each model."
        actions={data && <StateCounts counts={data.counts} />}
      />
      {data ? <Body overview={data} /> : error ? <Failed {...{ error, refetch }} /> : <Loading />}
    </>
  );
}

function Body({ overview }: { readonly overview: Overview }) {
  if (overview.latest.length === 0 && overview.running.length === 0) return <FirstSteps />;
  return (
    <div className="grid gap-4">
      <Card title="Running now" bodyClassName="p-0">
        <RunningList runs={overview.running} />
      </Card>
      {overview.latest.length > 0 && (
        <>
          <Card
            title="By category"
            description="Accuracy of each model’s latest run, its 95 % interval, and what always giving the more frequent label would score."
            bodyClassName="p-0"
          >
            <HeatMap rows={overview.latest} />
          </Card>
          <Card
            title="Latest of each model"
            actions={
              <Link to="/models" className="text-sm font-medium text-accent hover:underline">
                All models
              </Link>
            }
            bodyClassName="p-0"
          >
            <LatestTable rows={overview.latest} />
          </Card>
        </>
      )}
    </div>
  );
}

const FirstSteps = () => (
  <Card>
    <EmptyState title="No run has been heard of yet">
      <p>
        A host that knows this server’s address and its environment’s webhook key shows up here by itself. A
        directory that a run left is brought in by
      </p>
      <p className="my-2">
        <code className="rounded-sm bg-sunken px-1.5 py-0.5 font-mono text-xs text-ink">
          he300-dashboard import DIR
        </code>
      </p>
      <p>
        and <code className="font-mono text-xs text-ink">he300-dashboard seed-demo</code> shows what it looks
        like with data.
      </p>
    </EmptyState>
  </Card>
);

const Failed = ({ error, refetch }: { readonly error: unknown; readonly refetch: () => unknown }) => (
  <Card>
    <ErrorState error={error} retry={() => void refetch()} />
  </Card>
);

const Loading = () => (
  <div className="grid gap-4">
    <Card title="Running now" bodyClassName="p-0">
      <SkeletonRows rows={2} />
    </Card>
    <Card title="By category" bodyClassName="p-0">
      <SkeletonRows rows={4} className="h-14" />
    </Card>
  </div>
);
