/** The server without its socket: every route, and what stands before and behind all of them. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { newRoutes } from './routes/new-routes';
import { ANONYMOUS, type Env, type Services } from './services';

export function dashboardApp(services: Services): OpenAPIHono<Env> {
  const app = newRoutes();
  app.use(async (c, next) => {
    c.set('actor', ANONYMOUS);
    await next();
  });
  app.notFound((c) => c.json({ error: `nothing is at ${c.req.path}` }, 404));
  app.onError((error, c) => {
    if (error instanceof HTTPException) return c.json({ error: error.message }, error.status);
    services.log.error('request failed', { method: c.req.method, path: c.req.path, error });
    return c.json({ error: 'the server failed; its log says why' }, 500);
  });
  return app;
}
