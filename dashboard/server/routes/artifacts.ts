/** Files of runs: hosts bring them, people take them. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  artifact,
  ARTIFACT_HEADERS,
  artifactPath,
  MAX_ARTIFACT_BYTES,
  runId,
} from '@he300/benchmark/contract';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { Readable } from 'node:stream';
import { roleOf } from '../access/require-role';
import { artifactKey, ArtifactGone } from '../receive/artifact-store';
import { rangeOf } from '../receive/byte-range';
import { keepArtifact, type Announced, type Kept } from '../receive/keep-artifact';
import { Refused } from '../receive/refused';
import type { Env, Services } from '../services';
import { findArtifact, type ArtifactRow } from '../store/artifacts';
import { environmentOf } from '../store/received-runs';
import { json, problems } from './answers';
import { newRoutes } from './new-routes';

const PATH = decodeURIComponent(artifactPath('{runId}', '{name}'));
const params = z.object({ runId, name: artifact.shape.name });
const file = { schema: z.string().openapi({ format: 'binary' }) };

/** Whoever wrote it, a browser shows it without scripts, without our origin, and takes it for nothing else. */
const HARMLESS = {
  'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  'x-content-type-options': 'nosniff',
};

export function artifactsRoutes(services: Services): OpenAPIHono<Env> {
  const { store, config, metrics, log } = services;
  const put = createRoute({
    method: 'put',
    path: PATH,
    summary: 'Keep a file of a run',
    description: `At most ${MAX_ARTIFACT_BYTES} bytes. What is kept under a name stays as it is.`,
    ...roleOf('runner', config),
    request: {
      params,
      headers: z.object({
        'content-type': artifact.shape.contentType,
        [ARTIFACT_HEADERS.digest]: z
          .string()
          .regex(/^sha-256=:[A-Za-z0-9+/]{43}=:$/, { error: 'sha-256=:BASE64: (RFC 9530)' }),
        [ARTIFACT_HEADERS.kind]: artifact.shape.kind,
      }),
      // Any type: a body of JSON would be read and validated before it is hashed.
      body: { required: true, content: { '*/*': file } },
    },
    responses: {
      200: json(z.strictObject({ outcome: z.literal('repeated') }), 'The same bytes were kept before.'),
      201: json(z.strictObject({ outcome: z.literal('kept') }), 'It is kept.'),
      ...problems(400, 409, 413, 422),
      503: { description: 'It cannot be kept now; send it again.' },
    },
  });
  const get = createRoute({
    method: 'get',
    path: PATH,
    summary: 'A file of a run, or a range of its bytes',
    ...roleOf('viewer', config),
    request: { params, headers: z.object({ range: z.string().optional().describe('One range of bytes.') }) },
    responses: {
      200: { description: 'The file.', content: { '*/*': file } },
      206: { description: 'The range.', content: { '*/*': file } },
      304: { description: 'It is still the one that the browser has.' },
      416: { description: 'The range begins after its end.' },
      ...problems(400, 404),
    },
  });

  const app = newRoutes();
  app.openapi(put, async (c) => {
    const { runId: id, name } = c.req.valid('param');
    const { environment, name: actor } = c.get('actor');
    if (environment !== null && environment !== environmentOf(id))
      throw new HTTPException(403, { message: `the token is for ${environment}, and not for ${id}` });
    if (Number(c.req.header('content-length') ?? 0) > MAX_ARTIFACT_BYTES)
      throw new HTTPException(413, { message: `${name}: more than ${MAX_ARTIFACT_BYTES} bytes` });
    const headers = c.req.valid('header');
    const digest = headers[ARTIFACT_HEADERS.digest].slice('sha-256=:'.length, -1);
    const announced = {
      ...{ runId: id, name, kind: headers[ARTIFACT_HEADERS.kind], contentType: headers['content-type'] },
      sha256: Buffer.from(digest, 'base64').toString('hex'),
    };
    const kept = await keep(announced, c.req.raw.body ?? Readable.from([]), actor);
    return kept === 'kept' ? c.json({ outcome: kept }, 201) : c.json({ outcome: kept }, 200);
  });
  app.openapi(get, async (c) => {
    const { runId: id, name } = c.req.valid('param');
    const row = await findArtifact(store.db, id, name);
    if (!row) throw new HTTPException(404, { message: `${id} has no file ${name}` });
    return download(c, row);
  });
  return app;

  async function keep(announced: Announced, body: AsyncIterable<Uint8Array>, actor: string): Promise<Kept> {
    try {
      const kept = await keepArtifact(services, announced, body, actor);
      metrics.artifacts.inc({ outcome: kept });
      return kept;
    } catch (error) {
      metrics.artifacts.inc({ outcome: 'refused' });
      if (error instanceof Refused) throw new HTTPException(error.status, { message: error.message });
      const { runId: id, name } = announced;
      log.error('cannot keep an artifact', { runId: id, name, error });
      throw new HTTPException(503, { message: `${name} cannot be kept now; send it again` });
    }
  }

  async function download(c: Context<Env>, row: ArtifactRow): Promise<Response> {
    const tag = `"${row.sha256}"`;
    const headers = {
      ...HARMLESS,
      etag: tag,
      'cache-control': 'private, no-cache',
      'accept-ranges': 'bytes',
    };
    if (c.req.header('if-none-match') === tag) return c.body(null, 304, headers);
    const condition = c.req.header('if-range');
    const wanted = condition === undefined || condition === tag ? c.req.header('range') : undefined;
    const range = rangeOf(wanted, row.bytes);
    if (range === null) return c.body(null, 416, { ...headers, 'content-range': `bytes */${row.bytes}` });
    const shown = row.content_type === 'text/html' ? 'inline' : 'attachment';
    const ofFile = {
      ...headers,
      'content-type': row.content_type.startsWith('text/')
        ? `${row.content_type}; charset=utf-8`
        : row.content_type,
      'content-disposition': `${shown}; filename="${row.name}"`,
      'content-length': String(range ? range.last - range.first + 1 : row.bytes),
      ...(range && { 'content-range': `bytes ${range.first}-${range.last}/${row.bytes}` }),
    };
    const status = range ? 206 : 200;
    if (c.req.raw.method === 'HEAD') return c.body(null, status, ofFile);
    return c.body(Readable.toWeb(await opened(row, range)) as ReadableStream, status, ofFile);
  }

  async function opened(
    row: ArtifactRow,
    range: Parameters<typeof services.artifacts.get>[1],
  ): Promise<Readable> {
    try {
      return await services.artifacts.get(artifactKey({ ...row, runId: row.run_id }), range);
    } catch (error) {
      if (!(error instanceof ArtifactGone)) throw error;
      throw new HTTPException(404, { message: `${row.run_id} has no file ${row.name} any more` });
    }
  }
}
