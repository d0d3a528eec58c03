import { QueryClient } from '@tanstack/react-query';
import type { RunState } from '@he300/benchmark/contract';
import type { Overview } from '../../../api/overview';
import type { RunSummary } from '../../../api/run';
import { liveCache } from './live-cache';

const run = (runId: string, state: RunState, done = 0) =>
  ({ runId, state, progress: { phase: 'run', done } }) as unknown as RunSummary;

const RUNS = ['runs', {}];
const OVERVIEW = ['overview'];

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function filled() {
  const client = new QueryClient();
  client.setQueryData(RUNS, {
    pages: [{ items: [run('dev-a', 'RUNNING'), run('dev-b', 'COMPLETED')], nextCursor: null }],
    pageParams: [null],
  });
  client.setQueryData(OVERVIEW, { running: [run('dev-a', 'RUNNING')], latest: [], counts: {} });
  const stale = () =>
    [RUNS, OVERVIEW, ['models', null], ['run', 'dev-a']]
      .filter((key) => client.getQueryState(key)?.isInvalidated)
      .map((key) => key[0]);
  const listed = () =>
    client
      .getQueryData<{ pages: { items: RunSummary[] }[] }>(RUNS)!
      .pages[0]!.items.map((each) => each.progress?.done);
  return { client, cache: liveCache(client), stale, listed };
}

test('progress shows in every list at once, and nothing is asked for again', () => {
  const { client, cache, stale, listed } = filled();
  cache.take(run('dev-a', 'RUNNING', 137));
  jest.runAllTimers();
  expect(listed()).toEqual([137, 0]);
  expect(client.getQueryData<Overview>(OVERVIEW)!.running[0]!.progress!.done).toBe(137);
  expect(stale()).toEqual([]);
});

test('a run that is new is asked for where it belongs', () => {
  const { client, cache, stale } = filled();
  cache.take(run('dev-c', 'PENDING'));
  expect(client.getQueryData<Overview>(OVERVIEW)!.running.map((each) => each.runId)).toEqual([
    'dev-c',
    'dev-a',
  ]);
  jest.runAllTimers();
  expect(stale()).toEqual(['runs', 'overview']);
});

test('a run that ends leaves what runs now, and makes stale what stands on results', () => {
  const { client, cache, stale } = filled();
  client.setQueryData(['models', null], { items: [] });
  client.setQueryData(['run', 'dev-a'], run('dev-a', 'RUNNING'));
  cache.take(run('dev-a', 'COMPLETED', 300));
  expect(client.getQueryData<Overview>(OVERVIEW)!.running).toEqual([]);
  expect(client.getQueryData<RunSummary>(['run', 'dev-a'])).toMatchObject({ state: 'COMPLETED' });
  jest.runAllTimers();
  expect(stale()).toEqual(['runs', 'overview', 'models', 'run']);
});

test('a burst of changes marks stale once', () => {
  const { client, cache } = filled();
  const invalidate = jest.spyOn(client, 'invalidateQueries');
  for (const id of ['dev-c', 'dev-d', 'dev-e']) cache.take(run(id, 'RUNNING'));
  jest.runAllTimers();
  expect(invalidate).toHaveBeenCalledTimes(2);
});
