/** Keys that hosts sign their deliveries with, one environment each. A key itself is shown to nobody. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { environmentName, newWebhookKey, webhookKey } from '../../api/access';
import { roleOf } from '../access/require-role';
import { setWebhookKey } from '../receive/webhook-keys';
import type { Env, Services } from '../services';
import { listKeys } from '../store/webhook-keys';
import { json, problems } from './answers';
import { newRoutes } from './new-routes';

export function webhookKeysRoutes(services: Services): OpenAPIHono<Env> {
  const { store, config, now } = services;
  const admin = roleOf('admin', config);
  const list = createRoute({
    method: 'get',
    path: '/api/webhook-keys',
    summary: 'The keys that are taken now, without the keys themselves',
    ...admin,
    responses: { 200: json(z.array(webhookKey), 'By environment, the newest first.'), ...problems() },
  });
  const put = createRoute({
    method: 'put',
    path: '/api/webhook-keys/{environment}',
    summary: 'Give an environment another key; the one before is taken for a while',
    ...admin,
    request: {
      params: z.object({ environment: environmentName }),
      body: { required: true, content: { 'application/json': { schema: newWebhookKey } } },
    },
    responses: { 204: { description: 'It is the newest.' }, ...problems(400) },
  });
  return newRoutes()
    .openapi(list, async (c) => c.json(await listKeys(store.db, now()), 200))
    .openapi(put, async (c) => {
      const { environment } = c.req.valid('param');
      await setWebhookKey(services, { environment, ...c.req.valid('json') }, c.get('actor').name);
      return c.body(null, 204);
    });
}
