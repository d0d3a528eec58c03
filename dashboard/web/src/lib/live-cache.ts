/** Puts a run that has changed into the answers that are kept, and marks stale those that it may have changed otherwise. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Overview } from '../../../api/overview';
import type { RunDetail, RunPage, RunSummary } from '../../../api/run';
import { ENDED } from './labels';

/** Marking stale waits this long, so that a burst of events asks once. */
const SETTLE_MS = 500;

export interface LiveCache {
  take(run: RunSummary): void;
  /** Events may have been missed: everything that is on the screen is asked for again. */
  refresh(): void;
}

export function liveCache(client: QueryClient): LiveCache {
  const stale = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const settle = (...keys: readonly (readonly string[])[]) => {
    for (const key of keys) stale.add(JSON.stringify(key));
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const key of stale) void client.invalidateQueries({ queryKey: JSON.parse(key) as string[] });
      stale.clear();
    }, SETTLE_MS);
  };

  return {
    take(run) {
      const known = patchLists(client, run);
      patchOverview(client, run);
      const detail = client.getQueryData<RunDetail>(['run', run.runId]);
      if (detail) client.setQueryData<RunDetail>(['run', run.runId], { ...detail, ...run });
      const turned = detail && (detail.state !== run.state || detail.progress?.phase !== run.progress?.phase);
      if (turned || ENDED.includes(run.state)) settle(['run', run.runId]);
      if (!known) settle(['runs'], ['overview']);
      if (ENDED.includes(run.state)) settle(['runs'], ['overview'], ['models'], ['trends']);
    },
    refresh: () => void client.invalidateQueries(),
  };
}

/** False when a list is kept that does not hold the run, or holds it in another state: it may belong elsewhere now. */
function patchLists(client: QueryClient, run: RunSummary): boolean {
  let known = true;
  client.setQueriesData<InfiniteData<RunPage>>({ queryKey: ['runs'] }, (lists) => {
    if (!lists) return lists;
    const before = lists.pages.flatMap((page) => page.items).find((item) => item.runId === run.runId);
    known &&= before?.state === run.state;
    if (!before) return lists;
    const pages = lists.pages.map((page) => ({
      ...page,
      items: page.items.map((item) => (item.runId === run.runId ? run : item)),
    }));
    return { ...lists, pages };
  });
  return known;
}

function patchOverview(client: QueryClient, run: RunSummary): void {
  client.setQueryData<Overview>(['overview'], (overview) => {
    if (!overview) return overview;
    const others = overview.running.filter((each) => each.runId !== run.runId);
    if (ENDED.includes(run.state)) return { ...overview, running: others };
    const place = overview.running.findIndex((each) => each.runId === run.runId);
    return { ...overview, running: others.toSpliced(Math.max(place, 0), 0, run) };
  });
}
