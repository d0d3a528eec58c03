/** The leaderboard. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { modelList, modelQuery } from '../../api/overview';
import { roleOf } from '../access/require-role';
import type { Env, Services } from '../services';
import { leaderboard } from '../store/models';
import { json, problems } from './answers';
import { newRoutes } from './new-routes';

export function modelsRoutes({ store, config }: Services): OpenAPIHono<Env> {
  const route = createRoute({
    method: 'get',
    path: '/api/models',
    summary: 'Models by the lower bound of their interval',
    ...roleOf('viewer', config),
    request: { query: modelQuery },
    responses: { 200: json(modelList, 'Each with its latest complete run.'), ...problems(400) },
  });
  return newRoutes().openapi(route, async (c) =>
    c.json({ items: await leaderboard(store.db, c.req.valid('query').spec) }, 200),
  );
}
