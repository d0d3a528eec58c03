/** What was seen of the machines during a run. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { telemetrySeries, type TelemetrySeries } from '../../api/telemetry';
import { roleOf } from '../access/require-role';
import { artifactKey, ArtifactGone } from '../receive/artifact-store';
import type { Env, Services } from '../services';
import { findArtifact } from '../store/artifacts';
import { telemetrySeriesOf } from '../telemetry/series';
import { json, problems } from './answers';
import { newRoutes } from './new-routes';
import { runParams } from './runs';

const FILE = 'telemetry.jsonl';
/** Of one series there are some 100 KB. */
const MOST_KEPT = 50;

export function telemetryRoutes({ store, artifacts, config }: Services): OpenAPIHono<Env> {
  const route = createRoute({
    method: 'get',
    path: '/api/runs/{runId}/telemetry',
    summary: 'What was seen of the machines, thinned out for a plot',
    ...roleOf('viewer', config),
    request: { params: runParams },
    responses: { 200: json(telemetrySeries, 'The largest value of each stretch.'), ...problems(400, 404) },
  });
  /** By the hash of the file: what is kept under it never changes. */
  const kept = new Map<string, TelemetrySeries>();

  return newRoutes().openapi(route, async (c) => {
    const { runId } = c.req.valid('param');
    const missing = new HTTPException(404, { message: `${runId} has no file ${FILE}` });
    const file = await findArtifact(store.db, runId, FILE);
    if (!file) throw missing;
    const known = kept.get(file.sha256);
    if (known) return c.json(known, 200);
    const body = await artifacts
      .get(artifactKey({ runId, name: FILE, sha256: file.sha256 }))
      .catch((error: unknown): Readable => {
        throw error instanceof ArtifactGone ? missing : error;
      });
    const series = await telemetrySeriesOf(createInterface({ input: body, crlfDelay: Infinity }));
    kept.set(file.sha256, series);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
    return c.json(series, 200);
  });
}
