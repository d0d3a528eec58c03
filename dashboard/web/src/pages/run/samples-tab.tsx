/** The answers one by one: filtered, searched, and each with how it was judged. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { RunDetail } from '../../../../api/run';
import { Button } from '../../components/button';
import { EmptyState } from '../../components/empty-state';
import { ErrorState } from '../../components/error-state';
import { SkeletonRows } from '../../components/skeleton';
import { plural, whole } from '../../lib/format';
import { ENDED } from '../../lib/labels';
import { samplesQuery } from '../../lib/queries';
import { SampleCard } from './sample-card';
import { sampleFilter, type SampleWords } from './sample-filters';
import { SampleToolbar } from './sample-toolbar';
import { useAllSamples } from './use-all-samples';

const PAGE = 25;
const route = getRouteApi('/runs/$runId');

export function SamplesTab({ run }: { readonly run: RunDetail }) {
  const { runId, sampleCount } = run;
  const words = route.useSearch();
  const navigate = useNavigate();
  const filter = sampleFilter(words);
  const query = useInfiniteQuery({
    ...samplesQuery(runId, { ...filter, pass: 'scored', limit: PAGE }),
    enabled: sampleCount > 0,
  });
  // Few, and wanted beside the scored answers whatever their filter is.
  const again = useAllSamples(runId, 'rescored', sampleCount > 0 && Boolean(run.results?.score.flips));
  const rescored = new Map(again.samples.map((sample) => [sample.scenarioId, sample]));

  if (sampleCount === 0) return <NoSamples run={run} />;
  const setWords = (changes: { readonly [K in keyof SampleWords]: string | undefined }) => {
    const next = { tab: 'samples', ...pick(words), ...changes };
    const search = Object.fromEntries(Object.entries(next).filter(([, value]) => value)) as { tab: string };
    void navigate({ to: '/runs/$runId', params: { runId }, search, replace: true, resetScroll: false });
  };
  const samples = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const total = query.data?.pages[0]?.total ?? 0;
  return (
    <div className="grid gap-4 [&>*]:min-w-0">
      <SampleToolbar words={words} onChange={setWords} />
      {query.error ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <SkeletonRows rows={4} className="h-28" />
      ) : (
        <>
          <p role="status" className="text-sm text-soft">
            {total === sampleCount
              ? plural(total, 'answer')
              : `${plural(total, 'answer')} of ${whole(sampleCount)}`}
            {query.isPlaceholderData && ', looking …'}
          </p>
          {samples.length === 0 && (
            <div className="rounded-lg border border-line bg-card">
              <EmptyState title="No answer is like this">
                <p className="mb-3">All words must stand in the prompt, the answer or the id.</p>
                <Button onClick={() => setWords({ outcome: undefined, category: undefined, q: undefined })}>
                  Show all answers
                </Button>
              </EmptyState>
            </div>
          )}
          <ol className="grid gap-3">
            {samples.map((sample) => (
              <li key={sample.scenarioId} className="min-w-0">
                <SampleCard sample={sample} rescored={rescored.get(sample.scenarioId)} words={filter.q} />
              </li>
            ))}
          </ol>
          {query.hasNextPage && (
            <Button
              className="justify-self-center"
              disabled={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {query.isFetchingNextPage
                ? 'Loading …'
                : `Show more: ${whole(total - samples.length)} are left`}
            </Button>
          )}
        </>
      )}
    </div>
  );
}

const pick = ({ outcome, category, q }: SampleWords) => ({ outcome, category, q });

const NoSamples = ({ run }: { readonly run: RunDetail }) => (
  <div className="rounded-lg border border-line bg-card">
    {ENDED.includes(run.state) ? (
      <EmptyState title="No answers came">
        The host did not upload samples.jsonl, or what it uploaded does not hold (see Provenance). A run’s
        directory can be read in later:{' '}
        <code className="font-mono text-xs">he300-dashboard import RESULT_DIR</code>
      </EmptyState>
    ) : (
      <EmptyState title="The run has not ended">
        The host uploads the answers when it has. The page follows by itself.
      </EmptyState>
    )}
  </div>
);
