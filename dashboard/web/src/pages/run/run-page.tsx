/** One run: what it found out, how fast it was, what was answered, and whether to believe it. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ErrorState } from '../../components/error-state';
import { PageHeader } from '../../components/page-header';
import { SkeletonRows } from '../../components/skeleton';
import { Tabs } from '../../components/tabs';
import { runQuery } from '../../lib/queries';
import { FailureCard } from './failure-card';
import { PerformanceTab } from './performance-tab';
import { ProvenanceTab } from './provenance-tab';
import { ResultsTab } from './results-tab';
import { RunHeader } from './run-header';
import { RunProgress } from './run-progress';
import { SamplesTab } from './samples-tab';

const route = getRouteApi('/runs/$runId');
const TABS = ['results', 'performance', 'samples', 'provenance'] as const;

export function RunPage() {
  const { runId } = route.useParams();
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  const { data: run, error, refetch } = useQuery(runQuery(runId));
  if (!run)
    return (
      <>
        <PageHeader title={runId} />
        {error ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={6} className="h-24" />
        )}
      </>
    );
  return (
    <>
      <RunHeader run={run} />
      <RunProgress run={run} />
      <FailureCard run={run} />
      <Tabs
        label="Parts of the run"
        value={TABS.find((each) => each === tab) ?? 'results'}
        onValueChange={(next) =>
          void navigate({
            to: '/runs/$runId',
            params: { runId },
            search: next === 'results' ? {} : { tab: next },
            replace: true,
            resetScroll: false,
          })
        }
        tabs={[
          { value: 'results', label: 'Results', content: <ResultsTab run={run} /> },
          { value: 'performance', label: 'Performance', content: <PerformanceTab run={run} /> },
          { value: 'samples', label: 'Answers', content: <SamplesTab run={run} /> },
          { value: 'provenance', label: 'Provenance', content: <ProvenanceTab run={run} /> },
        ]}
      />
    </>
  );
}
