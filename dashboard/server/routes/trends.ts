/** How a model did from run to run. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { trend, trendQuery } from '../../api/overview';
import { roleOf } from '../access/require-role';
import type { Env, Services } from '../services';
import { trendOf } from '../store/trends';
import { json, problems } from './answers';
import { newRoutes } from './new-routes';

export function trendsRoutes({ store, config }: Services): OpenAPIHono<Env> {
  const route = createRoute({
    method: 'get',
    path: '/api/trends',
    summary: 'The complete runs of a model, each held against the one before',
    ...roleOf('viewer', config),
    request: { query: trendQuery },
    responses: { 200: json(trend, 'No points where the model is not known.'), ...problems(400) },
  });
  return newRoutes().openapi(route, async (c) => c.json(await trendOf(store.db, c.req.valid('query')), 200));
}
