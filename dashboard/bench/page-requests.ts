/** What the page asks the server for: every route that a page uses, on runs that are there. */
import { CATEGORIES } from '@he300/benchmark/contract';
import { modelOf, runIdOf } from './generated-run';
import type { Request } from './requests';

/** A bare `SELECT 1` through the same server, which all others are held against. */
export const SELECT_ONE = '/readyz';

export function pageRequests(url: string, runs: number, token: string): Readonly<Record<string, Request>> {
  const run = `/api/runs/${runIdOf(0)}`;
  const compared = (...numbers: readonly number[]): string =>
    `/api/compare?runs=${numbers.map((number) => runIdOf(number)).join(',')}`;
  const open = {
    session: '/api/session',
    overview: '/api/overview',
    'runs: last 50': '/api/runs',
    'runs: of a model': `/api/runs?model=${modelOf(0)}`,
    'runs: by accuracy': '/api/runs?sort=-accuracy&state=COMPLETED',
    'runs: search': `/api/runs?q=${runIdOf(Math.floor(runs / 2)).slice(-6)}`,
    run: run,
    samples: `${run}/samples`,
    'samples: wrong, of a category': `${run}/samples?outcome=wrong,unknown&category=${CATEGORIES[0]}`,
    'samples: search': `${run}/samples?q=clerk%20friend`,
    telemetry: `${run}/telemetry`,
    events: `${run}/events`,
    'compare: 2 runs': compared(0, 1),
    'compare: 6 runs': compared(0, 1, 2, 4, 5, 6),
    models: '/api/models',
    trends: `/api/trends?model=${modelOf(0)}&spec=1.0`,
  };
  const admin = { tokens: '/api/tokens', 'webhook keys': '/api/webhook-keys', audit: '/api/audit' };
  return {
    ...Object.fromEntries(Object.entries(open).map(([name, path]) => [name, { url: `${url}${path}` }])),
    ...Object.fromEntries(
      Object.entries(admin).map(([name, path]) => [name, { url: `${url}${path}`, token }]),
    ),
  };
}
