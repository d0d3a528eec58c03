/** All answers of a pass, page after page. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { SampleQuery, SampleRow } from '../../../../api/sample';
import { samplesQuery } from '../../lib/queries';

const PAGE = 200;

export interface AllSamples {
  readonly samples: readonly SampleRow[];
  readonly complete: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** @param enabled Asks for nothing while it is false. */
export function useAllSamples(runId: string, pass: SampleQuery['pass'], enabled = true): AllSamples {
  const query = useInfiniteQuery({ ...samplesQuery(runId, { pass, limit: PAGE }), enabled });
  const { data, error, hasNextPage, isFetching, isError, fetchNextPage, refetch } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  return {
    samples: data?.pages.flatMap(({ items }) => items) ?? [],
    complete: data !== undefined && !hasNextPage,
    error,
    retry: () => void refetch(),
  };
}
