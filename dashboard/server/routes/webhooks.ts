/** Where hosts deliver events. */
import { z, type OpenAPIHono } from '@hono/zod-openapi';
import { DELIVERY_HEADERS, EVENTS_PATH, runEvent } from '@he300/benchmark/contract';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { roleOf } from '../access/require-role';
import type { Delivery } from '../receive/environment-signature';
import { receiveEvent, type Received } from '../receive/receive-event';
import { Refused } from '../receive/refused';
import { settle } from '../receive/settle';
import type { Env, Services } from '../services';
import { findArtifact } from '../store/artifacts';
import { json, problems } from './answers';
import { newRoutes } from './new-routes';

/** More is not even read. An event has far less: `MAX_EVENT_BYTES`. */
export const MOST_BODY_BYTES = 256 * 1024;

const received = z.strictObject({
  outcome: z
    .enum(['taken', 'repeated', 'late'])
    .describe('`repeated`: it was here before; `late`: a later one was, and this one changes nothing.'),
});

const headers = z.object({
  [DELIVERY_HEADERS.id]: z.string().describe('Constant over retries.'),
  [DELIVERY_HEADERS.timestamp]: z.string().describe('Seconds since 1970 of this attempt.'),
  [DELIVERY_HEADERS.signature]: z
    .string()
    .describe('`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`, by the environment’s key.'),
  [DELIVERY_HEADERS.runSignature]: z
    .string()
    .optional()
    .describe('Base64 Ed25519 of the body, by the run’s key; absent on what registers it.'),
});

export function webhooksRoutes(services: Services): OpenAPIHono<Env> {
  const { metrics, log, config } = services;
  const { middleware: _, ...role } = roleOf('public', config);
  const app = newRoutes();

  // Only described, not validated: the signature is over the bytes, and comes before anything reads them.
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: EVENTS_PATH,
    summary: 'Take one event of a run (Standard Webhooks)',
    ...role,
    request: { headers, body: { content: { 'application/json': { schema: runEvent } } } },
    responses: {
      200: json(received, 'It changes nothing.'),
      202: json(received, 'It is kept.'),
      ...problems(409, 413, 422),
      503: { description: 'The store cannot keep it now; send it again.' },
    },
  });

  const limit = bodyLimit({
    maxSize: MOST_BODY_BYTES,
    onError: (c) => {
      metrics.deliveries.inc({ outcome: 'too-large' });
      return c.json({ error: `the body is too large; allowed: ${MOST_BODY_BYTES} bytes` }, 413);
    },
  });
  app.post(EVENTS_PATH, limit, async (c) => {
    let done: Received;
    try {
      done = await receiveEvent(services, await deliveryOf(c));
    } catch (error) {
      if (!(error instanceof Refused)) return unable(c, error);
      metrics.deliveries.inc({ outcome: OUTCOMES[error.status] ?? 'refused' });
      return c.json({ error: error.message }, error.status);
    }
    metrics.deliveries.inc({ outcome: done.taken });
    await readWhatWaited(done);
    return c.json({ outcome: done.taken }, done.taken === 'taken' ? 202 : 200);
  });
  return app;

  /** Files that came before the run had said whose they are, or how it ended. The event is kept, whatever comes of them. */
  async function readWhatWaited({ event: { type, runId } }: Received): Promise<void> {
    if (type !== 'run.started' && type !== 'run.completed') return;
    try {
      const isThere = await findArtifact(services.store.db, runId, 'results.json');
      if (isThere) await settle(services, runId, null);
    } catch (error) {
      log.error('cannot read the artifacts of a run', { runId, error });
    }
  }

  function unable(c: Context<Env>, error: unknown): Response {
    log.error('cannot keep an event', { error });
    return c.json({ error: 'the store cannot keep it now; send it again' }, 503, { 'retry-after': '5' });
  }
}

const OUTCOMES: Partial<Record<Refused['status'], string>> = {
  401: 'unauthorized',
  403: 'unauthorized',
  413: 'too-large',
};

async function deliveryOf(c: Context<Env>): Promise<Delivery> {
  const header = (name: string): string => c.req.header(name) ?? '';
  return {
    id: header(DELIVERY_HEADERS.id),
    timestamp: header(DELIVERY_HEADERS.timestamp),
    signature: header(DELIVERY_HEADERS.signature),
    runSignature: header(DELIVERY_HEADERS.runSignature),
    body: Buffer.from(await c.req.arrayBuffer()),
  };
}
