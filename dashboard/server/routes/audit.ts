/** The audit log, for admins. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { auditPage, auditQuery } from '../../api/access';
import { roleOf } from '../access/require-role';
import type { Env, Services } from '../services';
import { auditPageOf } from '../store/audit-log';
import { json, problems } from './answers';
import { newRoutes } from './new-routes';

export function auditRoutes({ store, config }: Services): OpenAPIHono<Env> {
  const list = createRoute({
    method: 'get',
    path: '/api/audit',
    summary: 'Who changed what, the newest first',
    ...roleOf('admin', config),
    request: { query: auditQuery },
    responses: { 200: json(auditPage, 'A page of the audit log.'), ...problems(400) },
  });
  return newRoutes().openapi(list, async (c) => {
    const { items, nextCursor } = await auditPageOf(store.db, c.req.valid('query'));
    return c.json({ items: [...items], nextCursor }, 200);
  });
}
