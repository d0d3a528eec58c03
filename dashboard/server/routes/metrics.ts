/** `/metrics`: the server’s own figures, in the text format of Prometheus. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { roleOf } from '../access/require-role';
import type { Env, Services } from '../services';
import { problems } from './answers';
import { newRoutes } from './new-routes';

export function metricsRoutes({ metrics, config }: Services): OpenAPIHono<Env> {
  const { registry } = metrics;
  const read = createRoute({
    method: 'get',
    path: '/metrics',
    summary: 'Figures of the server itself, for Prometheus',
    ...roleOf('viewer', config),
    responses: {
      200: { description: 'Text format 0.0.4.', content: { 'text/plain': { schema: z.string() } } },
      ...problems(),
    },
  });
  return newRoutes().openapi(read, async (c) =>
    c.text(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  );
}
