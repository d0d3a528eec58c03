/** For tests: the whole server with a store in memory, a clock that stands until it is turned, and tokens of every role. */
import { ROLES, type Role } from '../api/access';
import { dashboardApp, type Directories } from './app';
import { readConfig, type ServerConfig } from './config';
import { jsonLog } from './log';
import { newMetrics } from './metrics';
import type { Services } from './services';
import { openStore } from './store/database';
import { migrate } from './store/migrate';
import { createToken } from './store/tokens';

export interface TestServer extends Services {
  readonly app: ReturnType<typeof dashboardApp>;
  /** What was logged, entry by entry. */
  readonly logged: Readonly<Record<string, unknown>>[];
  readonly tokens: Readonly<Record<Role, string>>;
  turnClock(seconds: number): void;
  close(): Promise<void>;
}

export interface TestServerOptions {
  /** @default - as on a fresh machine, but nobody reads without a token */
  readonly config?: Partial<ServerConfig>;
  /** @default - in memory */
  readonly store?: Services['store'];
  /** @default - none is kept */
  readonly artifacts?: Services['artifacts'];
  /** @default - the API only */
  readonly directories?: Directories;
}

const BEGIN = Date.parse('2026-06-17T12:00:00.000Z');

export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { store = openStore({ path: ':memory:' }), directories } = options;
  let nowMs = BEGIN;
  const now = () => new Date(nowMs);
  const logged: Record<string, unknown>[] = [];
  const services: Services = {
    store,
    artifacts: options.artifacts ?? (noArtifacts as Services['artifacts']),
    config: { ...readConfig({ HE300_PUBLIC_READ: 'false' }), ...options.config },
    now,
    log: jsonLog((line) => void logged.push(JSON.parse(line) as Record<string, unknown>), now),
    metrics: newMetrics(),
  };
  await migrate(store);
  const wanted = { environment: null, expiresInDays: null };
  const made = await Promise.all(
    ROLES.map(
      async (role) => [role, await createToken(store.db, { name: role, role, ...wanted }, now())] as const,
    ),
  );
  return {
    ...services,
    app: dashboardApp(services, directories),
    logged,
    tokens: Object.fromEntries(made.map(([role, { secret }]) => [role, secret])) as Record<Role, string>,
    turnClock: (seconds) => void (nowMs += seconds * 1000),
    close: () => store.db.destroy(),
  };
}

/** Any use of it fails the test. */
const noArtifacts = new Proxy(
  {},
  { get: (_, name) => () => Promise.reject(new Error(`no artifacts: ${String(name)}`)) },
);

export const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
