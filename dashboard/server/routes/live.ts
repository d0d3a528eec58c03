/** Changes of runs as they happen, as server-sent events. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { timestamp } from '@he300/benchmark/contract';
import { streamSSE } from 'hono/streaming';
import { LIVE_PATH } from '../../api/live';
import { roleOf } from '../access/require-role';
import { liveFeed, type FeedOptions } from '../live/feed';
import { Mailbox } from '../live/mailbox';
import type { Env, Services } from '../services';
import { problems } from './answers';
import { newRoutes } from './new-routes';

const SILENCE_MS = 15_000;
/** Then the listener comes back and shows again who it is: its token may have been revoked. */
const LONGEST_MS = 3_600_000;

export function liveRoutes(services: Services, options: FeedOptions = {}): OpenAPIHono<Env> {
  const { config, metrics } = services;
  const feed = liveFeed(services, options);
  const route = createRoute({
    method: 'get',
    path: LIVE_PATH,
    summary: 'Runs as they change, as server-sent events',
    description: 'Event `run` carries a run as the list shows it; `ping` says that the connection stands.',
    ...roleOf('viewer', config),
    request: {
      headers: z.object({
        'last-event-id': z.string().max(100).optional().describe('Where to go on; a browser sends it.'),
      }),
    },
    responses: {
      200: { description: 'It does not end.', content: { 'text/event-stream': { schema: z.string() } } },
      ...problems(400),
    },
  });

  return newRoutes().openapi(route, (c) => {
    const since = timestamp.safeParse(c.req.valid('header')['last-event-id']).data ?? null;
    // No proxy may wait until it has some more of it.
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, async (stream) => {
      const mailbox = new Mailbox();
      const end = feed.listen({ since, take: mailbox.put });
      const late = setTimeout(mailbox.close, LONGEST_MS).unref();
      stream.onAbort(mailbox.close);
      metrics.liveListeners.inc();
      try {
        await stream.writeSSE({ event: 'ping', data: '' });
        for (let changes; (changes = await mailbox.take(SILENCE_MS));) {
          if (changes.length === 0) await stream.writeSSE({ event: 'ping', data: '' });
          for (const { changedAt, data } of changes)
            await stream.writeSSE({ event: 'run', id: changedAt, data });
        }
      } finally {
        metrics.liveListeners.dec();
        clearTimeout(late);
        end();
      }
    });
  });
}
