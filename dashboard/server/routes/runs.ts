/** The list of runs, one of them, and its events. */
import { runId } from '@he300/benchmark/contract';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { cursor, limit } from '../../api/primitives';
import { runDetail, runEventPage, runPage, runQuery } from '../../api/run';
import { roleOf } from '../access/require-role';
import type { Env, Services } from '../services';
import { runDetailOf } from '../store/run-detail';
import { runEventPageOf } from '../store/run-events';
import { runExists, runPageOf } from '../store/runs';
import { json, problems } from './answers';
import { found, noRun } from './faults';
import { newRoutes } from './new-routes';

export const runParams = z.object({ runId });

export function runsRoutes({ store, config }: Services): OpenAPIHono<Env> {
  const { db } = store;
  const viewer = roleOf('viewer', config);
  const list = createRoute({
    method: 'get',
    path: '/api/runs',
    summary: 'Runs, filtered and sorted',
    ...viewer,
    request: { query: runQuery },
    responses: { 200: json(runPage, 'A page of them.'), ...problems(400) },
  });
  const detail = createRoute({
    method: 'get',
    path: '/api/runs/{runId}',
    summary: 'Everything about one run but its samples',
    ...viewer,
    request: { params: runParams },
    responses: { 200: json(runDetail, 'The run.'), ...problems(400, 404) },
  });
  const events = createRoute({
    method: 'get',
    path: '/api/runs/{runId}/events',
    summary: 'What its hosts said, the first first',
    ...viewer,
    request: { params: runParams, query: z.object({ limit, cursor }) },
    responses: { 200: json(runEventPage, 'A page of its events.'), ...problems(400, 404) },
  });

  return newRoutes()
    .openapi(list, async (c) => {
      const { items, nextCursor } = await runPageOf(db, c.req.valid('query'));
      return c.json({ items: [...items], nextCursor }, 200);
    })
    .openapi(detail, async (c) => {
      const { runId } = c.req.valid('param');
      return c.json(found(await runDetailOf(db, runId), runId), 200);
    })
    .openapi(events, async (c) => {
      const { runId } = c.req.valid('param');
      if (!(await runExists(db, runId))) throw noRun(runId);
      return c.json(await runEventPageOf(db, runId, c.req.valid('query')), 200);
    });
}
