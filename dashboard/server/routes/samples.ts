/** The samples of a run: what was asked, what came back, and how it was judged. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { samplePage, sampleQuery } from '../../api/sample';
import { roleOf } from '../access/require-role';
import type { Env, Services } from '../services';
import { runExists } from '../store/runs';
import { samplePageOf } from '../store/samples';
import { json, problems } from './answers';
import { noRun } from './faults';
import { newRoutes } from './new-routes';
import { runParams } from './runs';

export function samplesRoutes({ store, config }: Services): OpenAPIHono<Env> {
  const list = createRoute({
    method: 'get',
    path: '/api/runs/{runId}/samples',
    summary: 'Its samples, by outcome, category and words',
    ...roleOf('viewer', config),
    request: { params: runParams, query: sampleQuery },
    responses: {
      200: json(samplePage, 'A page of them, in the order of the sample.'),
      ...problems(400, 404),
    },
  });
  return newRoutes().openapi(list, async (c) => {
    const { runId } = c.req.valid('param');
    if (!(await runExists(store.db, runId))) throw noRun(runId);
    return c.json(await samplePageOf(store.db, runId, c.req.valid('query')), 200);
  });
}
