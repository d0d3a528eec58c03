/** Starts the server, and stops it so that nothing that was begun is lost. */
import { createAdaptorServer } from '@hono/node-server';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LIVE_PATH } from '../api/live';
import { dashboardApp, type Directories } from './app';
import { sqlitePath, type ServerConfig } from './config';
import { InputError } from './errors';
import { newMetrics } from './metrics';
import { openArtifactStore } from './receive/artifact-store';
import { DEFAULT_OVERLAP_HOURS, setWebhookKey } from './receive/webhook-keys';
import { startBackgroundWork } from './background';
import type { Log, Services } from './services';
import { openStore } from './store/database';
import { migrate } from './store/migrate';
import { countTokens, createToken } from './store/tokens';
import { listKeys } from './store/webhook-keys';

/** How long requests may take to finish when the server stops. */
const GRACE_MS = 10_000;
/** Longer than load balancers keep a connection (60 s by default), so that they never send into one that is being closed. */
const KEEP_ALIVE_MS = 65_000;

export interface StartOptions {
  readonly log: Log;
  readonly directories: Directories;
  /** Tells a secret to whoever started the server; it is in no log. */
  readonly tell: (line: string) => void;
}

export interface RunningServer {
  readonly url: string;
  /** Takes nothing more, finishes what was begun, closes the store. */
  stop(): Promise<void>;
}

/** @throws InputError when the port is taken or the address is not ours */
export async function startServer(config: ServerConfig, options: StartOptions): Promise<RunningServer> {
  const { log, directories, tell } = options;
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const store = openStore({ path: sqlitePath(config), databaseUrl: config.databaseUrl });
  const services: Services = {
    ...{ store, config, log, metrics: newMetrics(), now: () => new Date() },
    artifacts: openArtifactStore(config.artifacts),
  };
  try {
    for (const name of await migrate(store)) log.info('migrated', { migration: name });
    await takeGivenKeys(services);
    await makeFirstToken(services, tell);
    const server = createAdaptorServer({ fetch: dashboardApp(services, directories).fetch }) as Server;
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    const listeners = liveListeners(server);
    const url = await listen(server, config);
    log.info('listening', { url, store: store.kind, artifacts: config.artifacts.kind });
    const stopBackgroundWork = startBackgroundWork(services);
    return {
      url,
      stop: async () => {
        log.info('stopping');
        await stopBackgroundWork();
        await close(server, listeners);
        await store.db.destroy();
        log.info('stopped');
      },
    };
  } catch (error) {
    await store.db.destroy();
    throw error;
  }
}

async function listen(server: Server, { host, port }: ServerConfig): Promise<string> {
  const failed = once(server, 'error').then(([error]) => Promise.reject(error as NodeJS.ErrnoException));
  server.listen(port, host);
  try {
    await Promise.race([once(server, 'listening'), failed]);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new InputError(`port ${port} of ${host} is taken; allowed: another PORT`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new InputError(
        `HOST ${host} is no address of this machine; allowed: 127.0.0.1, 0.0.0.0, one of its own`,
      );
    if (code === 'EACCES')
      throw new InputError(`port ${port} needs more rights; allowed: a PORT from 1024 on`);
    throw error;
  }
  const { port: bound } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
}

/** Pages that listen would keep a stopping server for ever; they come back to the next one by themselves. */
function liveListeners(server: Server): ReadonlySet<ServerResponse> {
  const listeners = new Set<ServerResponse>();
  server.on('request', ({ url }: { url?: string }, response: ServerResponse) => {
    if (url?.split('?')[0] !== LIVE_PATH) return;
    listeners.add(response);
    response.once('close', () => listeners.delete(response));
  });
  return listeners;
}

async function close(server: Server, listeners: ReadonlySet<ServerResponse>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const listener of listeners) listener.destroy();
  // A connection whose request has just finished is idle, and would be kept open.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const late = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}

/** Only for environments without one: a key that was rotated since is not taken back by a restart. */
async function takeGivenKeys(services: Services): Promise<void> {
  const { store, config, now } = services;
  const having = new Set((await listKeys(store.db, now())).map(({ environment }) => environment));
  for (const key of config.webhookKeys)
    if (!having.has(key.environment))
      await setWebhookKey(services, { ...key, overlapHours: DEFAULT_OVERLAP_HOURS }, 'system');
}

/** On an empty store nobody could make the first token through the API. */
async function makeFirstToken({ store, now }: Services, tell: (line: string) => void): Promise<void> {
  if ((await countTokens(store.db)) > 0) return;
  const wanted = { name: 'first', role: 'admin', environment: null, expiresInDays: null } as const;
  const { secret } = await createToken(store.db, wanted, now());
  tell(`admin token, shown this once: ${secret}`);
}
