/** Lists to take away, whole: they are read and sent piece by piece, however long they are. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { Readable } from 'node:stream';
import { runQuery, runSummary } from '../../api/run';
import { sampleQuery, sampleRow } from '../../api/sample';
import { roleOf } from '../access/require-role';
import { csvOf, jsonOf } from '../export/formats';
import { runRecord, sampleRecord } from '../export/records';
import { everyItem } from '../export/every-item';
import type { Env, Services } from '../services';
import { runExists, runPageOf } from '../store/runs';
import { samplePageOf } from '../store/samples';
import { problems } from './answers';
import { noRun } from './faults';
import { newRoutes } from './new-routes';
import { runParams } from './runs';

const format = z.enum(['csv', 'json']).default('csv');

export function exportRoutes({ store, config, log }: Services): OpenAPIHono<Env> {
  const { db } = store;
  const viewer = roleOf('viewer', config);
  const files = (items: z.ZodType) => ({
    description: 'The file.',
    content: { 'text/csv': { schema: z.string() }, 'application/json': { schema: z.array(items) } },
  });
  const runs = createRoute({
    method: 'get',
    path: '/api/export/runs',
    summary: 'All runs that match, as CSV or JSON',
    ...viewer,
    request: { query: runQuery.omit({ limit: true, cursor: true }).extend({ format }) },
    responses: { 200: files(runSummary), ...problems(400) },
  });
  const samples = createRoute({
    method: 'get',
    path: '/api/export/runs/{runId}/samples',
    summary: 'All samples of a run that match, as CSV or JSON',
    ...viewer,
    request: { params: runParams, query: sampleQuery.omit({ limit: true, cursor: true }).extend({ format }) },
    responses: { 200: files(sampleRow), ...problems(400, 404) },
  });

  return newRoutes()
    .openapi(runs, (c) => {
      const { format, ...query } = c.req.valid('query');
      const items = everyItem((page) => runPageOf(db, { ...query, ...page }));
      return file('runs', format, format === 'csv' ? csvOf(items, runRecord) : jsonOf(items));
    })
    .openapi(samples, async (c) => {
      const { runId } = c.req.valid('param');
      if (!(await runExists(db, runId))) throw noRun(runId);
      const { format, ...query } = c.req.valid('query');
      const items = everyItem((page) => samplePageOf(db, runId, { ...query, ...page }));
      return file(`${runId}-samples`, format, format === 'csv' ? csvOf(items, sampleRecord) : jsonOf(items));
    });

  function file(name: string, format: 'csv' | 'json', body: Readable): Response {
    // The status has been sent by then: the connection breaks, so that nobody takes a part for the whole.
    body.on('error', (error) => log.error('export failed', { name, error }));
    return new Response(Readable.toWeb(body) as ReadableStream, {
      headers: {
        'content-type': format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/json',
        'content-disposition': `attachment; filename="${name}.${format}"`,
      },
    });
  }
}
