/** Whether the process lives, and whether it can do its work. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { sql } from 'kysely';
import { problem } from '../../api/primitives';
import { roleOf } from '../access/require-role';
import type { Env, Services } from '../services';
import { json } from './answers';
import { newRoutes } from './new-routes';

const fine = z.strictObject({ status: z.literal('ok') });

export function healthRoutes({ store, config, log }: Services): OpenAPIHono<Env> {
  const everybody = roleOf('public', config);
  const healthz = createRoute({
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process answers',
    ...everybody,
    responses: { 200: json(fine, 'It does.') },
  });
  const readyz = createRoute({
    method: 'get',
    path: '/readyz',
    summary: 'Whether the database answers too',
    ...everybody,
    responses: { 200: json(fine, 'It does.'), 503: json(problem, 'It does not.') },
  });
  return newRoutes()
    .openapi(healthz, (c) => c.json({ status: 'ok' as const }, 200))
    .openapi(readyz, async (c) => {
      try {
        await sql`select 1`.execute(store.db);
        return c.json({ status: 'ok' as const }, 200);
      } catch (error) {
        // What a database says of itself is for the log only.
        log.error('the database does not answer', { error });
        return c.json({ error: 'the database does not answer' }, 503);
      }
    });
}
