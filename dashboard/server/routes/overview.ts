/** What the first page shows. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { overview } from '../../api/overview';
import { roleOf } from '../access/require-role';
import type { Env, Services } from '../services';
import { overviewOf } from '../store/overview';
import { json, problems } from './answers';
import { newRoutes } from './new-routes';

export function overviewRoutes({ store, config }: Services): OpenAPIHono<Env> {
  const route = createRoute({
    method: 'get',
    path: '/api/overview',
    summary: 'What runs now, and how each model did last',
    ...roleOf('viewer', config),
    responses: { 200: json(overview, 'The overview.'), ...problems() },
  });
  return newRoutes().openapi(route, async (c) => c.json(await overviewOf(store.db), 200));
}
