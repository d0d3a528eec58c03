/** Tokens: made, listed and revoked by an admin. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { createdToken, newToken, token } from '../../api/access';
import { audit } from '../access/audit';
import { roleOf } from '../access/require-role';
import type { Env, Services } from '../services';
import { createToken, listTokens, revokeToken } from '../store/tokens';
import { json, problems } from './answers';
import { newRoutes } from './new-routes';

export function tokensRoutes({ store, config, now }: Services): OpenAPIHono<Env> {
  const admin = roleOf('admin', config);
  const list = createRoute({
    method: 'get',
    path: '/api/tokens',
    summary: 'All tokens, the newest first',
    ...admin,
    responses: { 200: json(z.array(token), 'Without their secrets.'), ...problems() },
  });
  const create = createRoute({
    method: 'post',
    path: '/api/tokens',
    summary: 'Make a token',
    ...admin,
    request: { body: { required: true, content: { 'application/json': { schema: newToken } } } },
    responses: { 201: json(createdToken, 'With its secret, this once.'), ...problems(400) },
  });
  const revoke = createRoute({
    method: 'delete',
    path: '/api/tokens/{id}',
    summary: 'Revoke a token, and end its sessions',
    ...admin,
    request: { params: z.object({ id: z.string().min(1).max(64) }) },
    responses: { 204: { description: 'It lets nobody in any more.' }, ...problems(400, 404) },
  });

  return newRoutes()
    .openapi(list, async (c) => c.json(await listTokens(store.db), 200))
    .openapi(create, async (c) => {
      const wanted = c.req.valid('json');
      const made = await store.db.transaction().execute(async (db) => {
        const created = await createToken(db, wanted, now());
        const detail = [wanted.name, wanted.role, wanted.environment ?? 'all environments'].join(', ');
        await audit(
          db,
          { actor: c.get('actor').name, action: 'token.create', target: created.id, detail },
          now(),
        );
        return created;
      });
      return c.json(made, 201);
    })
    .openapi(revoke, async (c) => {
      const { id } = c.req.valid('param');
      await store.db.transaction().execute(async (db) => {
        const revoked = await revokeToken(db, id, now());
        if (!revoked) throw new HTTPException(404, { message: `no valid token ${JSON.stringify(id)}` });
        const change = {
          actor: c.get('actor').name,
          action: 'token.revoke',
          target: revoked.id,
          detail: revoked.name,
        };
        await audit(db, change, now());
      });
      return c.body(null, 204);
    });
}
