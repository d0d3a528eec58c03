import { ROLES, type Role } from '../../api/access';
import { bearer, testServer, type TestServer } from '../test-services';
import type { RouteRole } from './require-role';

interface Operation {
  readonly 'x-he300-role'?: RouteRole;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
}

interface Route extends Operation {
  readonly method: string;
  readonly path: string;
}

/** Something of the right form for each part of an address. Nothing has these names, so that no answer depends on what is stored. */
const PARTS: Readonly<Record<string, string>> = {
  runId: 'dev-nothing',
  id: '0000000000000000',
  name: 'nothing.txt',
  environment: 'nothing',
};

const ASKING = ['anonymous', ...ROLES] as const;
type Asking = (typeof ASKING)[number];

const allowed = (asking: Asking, role: RouteRole, publicRead: boolean): boolean =>
  role === 'public' ||
  (role === 'viewer' && publicRead) ||
  (asking !== 'anonymous' && ROLES.indexOf(asking) >= ROLES.indexOf(role as Role));

describe.each([false, true])('with public read %s', (publicRead) => {
  let server: TestServer;
  let routes: readonly Route[];

  beforeAll(async () => {
    const artifacts = { put: nothing, get: nothing, remove: nothing };
    server = await testServer({ config: { publicRead }, artifacts });
    const { paths } = (await (await server.app.request('/openapi.json')).json()) as {
      paths: Record<string, Record<string, Operation>>;
    };
    routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
    );
  });
  afterAll(() => server.close());

  test('the document has every route that the server answers, and each says its role', () => {
    const documented = new Set(routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`));
    const served = server.app.routes
      .filter(({ method, path }) => method !== 'ALL' && path !== '/openapi.json')
      .map(({ method, path }) => `${method} ${path.replace(/:([A-Za-z]+)(\{[^}]*\})?/g, '{$1}')}`);
    expect([...new Set(served)].sort()).toEqual([...documented].sort());
    expect(documented.size).toBeGreaterThan(10);
    for (const { path, ...route } of routes) {
      expect([path, route['x-he300-role']]).toEqual([
        path,
        expect.stringMatching(/^(public|viewer|runner|admin)$/),
      ]);
      expect(route.security).toBeDefined();
    }
  });

  test.each(ASKING)('%s is let in where the document says so, and nowhere else', async (asking) => {
    const wrong: string[] = [];
    for (const route of routes) {
      const role = route['x-he300-role']!;
      const status = await ask(route, asking);
      const refusal = asking === 'anonymous' ? 401 : 403;
      const good = allowed(asking, role, publicRead)
        ? status !== 401 && status !== 403 && status < 500
        : status === refusal;
      // Without a signature the webhook knows nobody, and signing in with no token fails.
      const isItsOwnGuard = role === 'public' && status === 401 && route.path === '/api/webhooks/he300';
      if (!good && !isItsOwnGuard) wrong.push(`${route.method} ${route.path} (${role}): ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  test('the document lets nobody in where the server does not', () => {
    for (const { path, security, ...route } of routes) {
      const anonymous = security!.length === 0 || security!.some((one) => Object.keys(one).length === 0);
      expect([path, anonymous]).toEqual([path, allowed('anonymous', route['x-he300-role']!, publicRead)]);
    }
  });

  async function ask({ method, path, parameters = [] }: Route, asking: Asking): Promise<number> {
    const address = path.replace(/\{(\w+)\}/g, (_, part: string) => {
      const value = PARTS[part];
      if (value === undefined) throw new Error(`no value for {${part}} of ${path}`);
      return value;
    });
    const query = parameters
      .filter((one) => one.in === 'query' && one.required)
      .map(({ name }) => `${name}=nothing`);
    const headers = asking === 'anonymous' ? {} : bearer(server.tokens[asking]);
    const url = query.length === 0 ? address : `${address}?${query.join('&')}`;
    const stop = new AbortController();
    const response = await server.app.request(url, {
      method: method.toUpperCase(),
      headers: { ...headers, 'content-type': 'application/json' },
      signal: stop.signal,
      ...(['get', 'head', 'delete'].includes(method) ? {} : { body: '{}' }),
    });
    stop.abort();
    await response.body?.cancel();
    return response.status;
  }
});

const nothing = () => Promise.reject(new Error('nothing is kept here'));
