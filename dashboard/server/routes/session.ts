/** Signing in to the page with a token, and out again. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { session, signIn, type Session } from '../../api/access';
import { audit } from '../access/audit';
import { roleOf } from '../access/require-role';
import { dropSessionCookie, readSessionCookie, setSessionCookie } from '../access/session-cookie';
import type { Env, Services } from '../services';
import { createSession, endSession } from '../store/sessions';
import { tokenOfSecret } from '../store/tokens';
import { json, problems } from './answers';
import { newRoutes } from './new-routes';

export function sessionRoutes({ store, config, now }: Services): OpenAPIHono<Env> {
  const { publicRead } = config;
  const everybody = roleOf('public', config);
  const ask = createRoute({
    method: 'get',
    path: '/api/session',
    summary: 'Who is signed in',
    ...everybody,
    responses: { 200: json(session, 'Whoever asks.'), ...problems() },
  });
  const begin = createRoute({
    method: 'post',
    path: '/api/session',
    summary: 'Sign in with a token',
    ...everybody,
    request: { body: { required: true, content: { 'application/json': { schema: signIn } } } },
    responses: { 200: json(session, 'Signed in: the cookie is set.'), ...problems(400) },
  });
  const end = createRoute({
    method: 'delete',
    path: '/api/session',
    summary: 'Sign out',
    ...everybody,
    responses: { 204: { description: 'Nobody is signed in any more.' }, ...problems() },
  });

  return newRoutes()
    .openapi(ask, (c) => {
      const { kind, role, name } = c.get('actor');
      const csrfToken = c.get('csrfToken') ?? null;
      return c.json(
        { role, name: kind === 'anonymous' ? null : name, csrfToken, publicRead } satisfies Session,
        200,
      );
    })
    .openapi(begin, async (c) => {
      const { token: secret } = c.req.valid('json');
      const token = await tokenOfSecret(store.db, secret, now());
      if (!token) throw new HTTPException(401, { message: 'the token is not known, or no longer valid' });
      const { id, csrfToken } = await store.db.transaction().execute(async (db) => {
        await audit(db, { actor: token.name, action: 'session.begin', target: token.id }, now());
        return createSession(db, token.id, now());
      });
      setSessionCookie(c, config, id);
      return c.json({ role: token.role, name: token.name, csrfToken, publicRead } satisfies Session, 200);
    })
    .openapi(end, async (c) => {
      const id = readSessionCookie(c, config);
      if (id !== undefined) await endSession(store.db, id);
      dropSessionCookie(c, config);
      return c.body(null, 204);
    });
}
