/** What the server does without being asked. Several servers on one store may all do it. */
import { watchForLost } from './receive/lost';
import { startRetention } from './receive/retention';
import { settleLeftovers } from './receive/settle';
import type { Services } from './services';

/** @returns stops all of it, once what is going on is done */
export function startBackgroundWork(services: Services): () => Promise<void> {
  const leftovers = settleLeftovers(services).catch((error: unknown) =>
    services.log.error('cannot look for artifacts that were not read', { error }),
  );
  const stops = [() => leftovers, watchForLost(services), startRetention(services)];
  return async () => void (await Promise.all(stops.map((stop) => stop())));
}
