/** All runs: filtered and sorted by the address, live, and picked for a comparison. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../components/button';
import { Card } from '../../components/card';
import { EmptyState } from '../../components/empty-state';
import { ErrorState } from '../../components/error-state';
import { PageHeader } from '../../components/page-header';
import { SkeletonRows } from '../../components/skeleton';
import { runsQuery } from '../../lib/queries';
import { changed, filterCount, type RunSearch } from '../../lib/run-search';
import { CompareBar } from './compare-bar';
import { Filters } from './filters';
import { RunsTable } from './runs-table';
import { SavedFilters } from './saved-filters';

const route = getRouteApi('/runs');

export function RunsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [picked, setPicked] = useState<readonly string[]>([]);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage, isPlaceholderData } =
    useInfiniteQuery(runsQuery(search));

  const become = (next: RunSearch) => void navigate({ search: next, replace: true, resetScroll: false });
  const runs = data?.pages.flatMap((page) => page.items);
  return (
    <>
      <PageHeader
        title="Runs"
        description="Every run that was heard of. What you filter by stands in the address: share it."
      />
      <div className="grid gap-4">
        <SavedFilters search={search} />
        <Filters search={search} onChange={(changes) => become(changed(search, changes))} />
        <Card bodyClassName="p-0">
          {runs ? (
            <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'opacity-60' : undefined}>
              <RunsTable
                runs={runs}
                search={search}
                onSort={(sort) => become(changed(search, { sort }))}
                picked={picked}
                onPick={setPicked}
                empty={<NoRuns search={search} onClear={() => become({})} />}
              />
            </div>
          ) : error ? (
            <ErrorState error={error} retry={() => void refetch()} />
          ) : (
            <SkeletonRows rows={10} className="h-11" />
          )}
          {hasNextPage && (
            <div className="flex justify-center border-t border-line p-3">
              <Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
                {isFetchingNextPage ? 'Loading' : 'Show more runs'}
              </Button>
            </div>
          )}
        </Card>
      </div>
      <CompareBar picked={picked} onPick={setPicked} />
    </>
  );
}

function NoRuns({ search, onClear }: { readonly search: RunSearch; readonly onClear: () => void }) {
  if (filterCount(search) === 0)
    return (
      <EmptyState title="No run has been heard of yet">
        A host reports here by itself; <code className="font-mono text-xs">he300-dashboard import DIR</code>{' '}
        brings in a directory that a run left.
      </EmptyState>
    );
  return (
    <EmptyState title="No run fits these filters">
      <Button className="mt-2" onClick={onClear}>
        Clear the filters
      </Button>
    </EmptyState>
  );
}
