/** The pages and their addresses. What a page shows stands in its address, so that it can be shared. */
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { ErrorState } from './components/error-state';
import { sessionQuery } from './lib/queries';
import { parseRunSearch } from './lib/run-search';
import { parseWords, stringifyWords, wordOf, type Words } from './lib/search';
import { OverviewPage } from './pages/overview/overview-page';
import { SignInPage } from './pages/sign-in/sign-in-page';
import { NotFound } from './shell/not-found';
import { PagePending } from './shell/page-pending';
import { Shell } from './shell/shell';

interface Context {
  readonly queryClient: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  component: Shell,
  notFoundComponent: NotFound,
  beforeLoad: async ({ context, location }) => {
    if (location.pathname === '/sign-in') return;
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session.role === null && !session.publicRead)
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
  },
});

/** Only the words that are named, and only those that are there. */
const words =
  <Name extends string>(...names: readonly Name[]) =>
  (search: Words) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = wordOf(search, name);
        return value === undefined ? [] : [[name, value]];
      }),
    ) as { [K in Name]?: string };

const overview = createRoute({ getParentRoute: () => root, path: '/', component: OverviewPage });

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: (search: Words) => parseRunSearch(search),
  component: lazyRouteComponent(() => import('./pages/runs/runs-page'), 'RunsPage'),
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$runId',
  validateSearch: words('tab', 'outcome', 'category', 'pass', 'q', 'scenario'),
  component: lazyRouteComponent(() => import('./pages/run/run-page'), 'RunPage'),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  validateSearch: words('runs', 'intersect', 'category'),
  component: lazyRouteComponent(() => import('./pages/compare/compare-page'), 'ComparePage'),
});

const trends = createRoute({
  getParentRoute: () => root,
  path: '/trends',
  validateSearch: words('model', 'spec'),
  component: lazyRouteComponent(() => import('./pages/trends/trends-page'), 'TrendsPage'),
});

const models = createRoute({
  getParentRoute: () => root,
  path: '/models',
  validateSearch: words('spec'),
  component: lazyRouteComponent(() => import('./pages/models/models-page'), 'ModelsPage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: words('tab', 'actor', 'action'),
  component: lazyRouteComponent(() => import('./pages/settings/settings-page'), 'SettingsPage'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: words('next'),
  component: SignInPage,
});

export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([overview, runs, run, compare, trends, models, settings, signIn]),
    context: { queryClient },
    parseSearch: parseWords,
    stringifySearch: stringifyWords,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultPendingComponent: PagePending,
    defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} retry={reset} />,
    Wrap: ({ children }) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
