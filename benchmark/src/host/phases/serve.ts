/** The run of a host that only serves: it lasts for as long as somebody at the other end of the tunnel is there. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from '../host';
import { ServerWatch } from '../model-server/watch';

/** WireGuard proves itself every two minutes; who has not for so long is gone. */
const GONE_SECONDS = 600;
const LOOK_MS = 10_000;

export async function serve(host: Host, signal: AbortSignal): Promise<void> {
  const { log, run } = host;
  const watching = new AbortController();
  const watched = new ServerWatch({ server: host.get('server'), run, log }).keep(watching.signal);
  try {
    while (!signal.aborted) {
      const ages = [...(await host.get('tunnel').handshakeAges()).values()];
      if (ages.every((age) => age !== null && age > GONE_SECONDS))
        return log.info('nobody is at the other end of the tunnel any more');
      await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
    throw signal.reason as Error;
  } finally {
    watching.abort();
    await watched;
  }
}
