/** What the page asks the server for: one function an endpoint, with the key under which the answer is kept. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { AuditEntry, Session, Token, WebhookKey } from '../../../api/access';
import type { CompareAnswer } from '../../../api/compare';
import type { ModelList, Overview, Trend } from '../../../api/overview';
import type { Page } from '../../../api/primitives';
import type { RunDetail, RunEventPage, RunPage } from '../../../api/run';
import type { SamplePage, SampleQuery } from '../../../api/sample';
import type { TelemetrySeries } from '../../../api/telemetry';
import { getJson, rememberCsrfToken, withQuery } from './api';
import type { RunSearch } from './run-search';

const runPath = (runId: string) => `/api/runs/${encodeURIComponent(runId)}`;

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const session = await getJson<Session>('/api/session', signal);
    rememberCsrfToken(session.csrfToken);
    return session;
  },
  staleTime: 60_000,
});

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => getJson<Overview>('/api/overview', signal),
});

export const runsQuery = (search: RunSearch) =>
  infiniteQueryOptions({
    queryKey: ['runs', search],
    queryFn: ({ pageParam, signal }) =>
      getJson<RunPage>(withQuery('/api/runs', { ...search, cursor: pageParam }), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

export const runQuery = (runId: string) =>
  queryOptions({
    queryKey: ['run', runId],
    queryFn: ({ signal }) => getJson<RunDetail>(runPath(runId), signal),
  });

export const samplesQuery = (runId: string, search: Partial<Omit<SampleQuery, 'cursor'>>) =>
  infiniteQueryOptions({
    queryKey: ['run', runId, 'samples', search],
    queryFn: ({ pageParam, signal }) =>
      getJson<SamplePage>(withQuery(`${runPath(runId)}/samples`, { ...search, cursor: pageParam }), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

export const telemetryQuery = (runId: string) =>
  queryOptions({
    queryKey: ['run', runId, 'telemetry'],
    queryFn: ({ signal }) => getJson<TelemetrySeries>(`${runPath(runId)}/telemetry`, signal),
  });

export const eventsQuery = (runId: string) =>
  infiniteQueryOptions({
    queryKey: ['run', runId, 'events'],
    queryFn: ({ pageParam, signal }) =>
      getJson<RunEventPage>(withQuery(`${runPath(runId)}/events`, { cursor: pageParam }), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

/** @param runIds the baseline first. */
export const compareQuery = (runIds: readonly string[], intersect = false) =>
  queryOptions({
    queryKey: ['compare', runIds, intersect],
    queryFn: ({ signal }) =>
      getJson<CompareAnswer>(
        withQuery('/api/compare', { runs: runIds.join(','), intersect: intersect || null }),
        signal,
      ),
    enabled: runIds.length >= 2,
  });

export const modelsQuery = (spec?: string) =>
  queryOptions({
    queryKey: ['models', spec ?? null],
    queryFn: ({ signal }) => getJson<ModelList>(withQuery('/api/models', { spec }), signal),
    placeholderData: keepPreviousData,
  });

export const trendQuery = (model: string, spec?: string) =>
  queryOptions({
    queryKey: ['trends', model, spec ?? null],
    queryFn: ({ signal }) => getJson<Trend>(withQuery('/api/trends', { model, spec }), signal),
  });

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => getJson<readonly Token[]>('/api/tokens', signal),
});

export const webhookKeysQuery = queryOptions({
  queryKey: ['webhook-keys'],
  queryFn: ({ signal }) => getJson<readonly WebhookKey[]>('/api/webhook-keys', signal),
});

export interface AuditSearch {
  readonly actor?: string;
  readonly action?: string;
}

export const auditQuery = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ['audit', search],
    queryFn: ({ pageParam, signal }) =>
      getJson<Page<AuditEntry>>(withQuery('/api/audit', { ...search, cursor: pageParam }), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
