/** The server without its socket: every route, and what stands before and behind all of them. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { admit } from './access/admit';
import { defendFromCsrf } from './access/csrf';
import { demandKnownHost } from './access/known-host';
import { secure } from './access/secure-headers';
import { InputError } from './errors';
import { observe } from './observe';
import { artifactsRoutes } from './routes/artifacts';
import { auditRoutes } from './routes/audit';
import { compareRoutes } from './routes/compare';
import { docsRoutes } from './routes/docs';
import { exportRoutes } from './routes/export';
import { healthRoutes } from './routes/health';
import { liveRoutes } from './routes/live';
import { metricsRoutes } from './routes/metrics';
import { modelsRoutes } from './routes/models';
import { newRoutes } from './routes/new-routes';
import { serveOpenApi } from './routes/openapi';
import { overviewRoutes } from './routes/overview';
import { pageRoutes } from './routes/page';
import { runsRoutes } from './routes/runs';
import { samplesRoutes } from './routes/samples';
import { sessionRoutes } from './routes/session';
import { telemetryRoutes } from './routes/telemetry';
import { tokensRoutes } from './routes/tokens';
import { trendsRoutes } from './routes/trends';
import { webhookKeysRoutes } from './routes/webhook-keys';
import { webhooksRoutes } from './routes/webhooks';
import type { Env, Services } from './services';

export interface Directories {
  /** What Vite built. */
  readonly page: string;
  /** Swagger UI’s files. */
  readonly docs: string;
}

/** In the order of the OpenAPI document. */
const ROUTES = [
  overviewRoutes,
  runsRoutes,
  samplesRoutes,
  telemetryRoutes,
  compareRoutes,
  trendsRoutes,
  modelsRoutes,
  exportRoutes,
  liveRoutes,
  webhooksRoutes,
  artifactsRoutes,
  sessionRoutes,
  tokensRoutes,
  webhookKeysRoutes,
  auditRoutes,
  healthRoutes,
  metricsRoutes,
];

/** @param directories without them there is the API only */
export function dashboardApp(services: Services, directories?: Directories): OpenAPIHono<Env> {
  const { config, log } = services;
  const app = newRoutes();

  app.onError((error, c) => {
    if (error instanceof HTTPException) return c.json({ error: error.message }, error.status);
    if (error instanceof InputError) return c.json({ error: error.message }, 400);
    log.error('request failed', { method: c.req.method, path: c.req.path, error });
    return c.json({ error: 'the server failed; its log says why' }, 500);
  });
  app.notFound((c) => c.json({ error: `nothing is at ${c.req.method} ${c.req.path}` }, 404));

  app.use(
    observe(services),
    secure(config),
    demandKnownHost(config),
    admit(services),
    defendFromCsrf(config),
  );

  for (const routes of ROUTES) app.route('/', routes(services));
  serveOpenApi(app, services);
  if (directories) {
    app.route('/', docsRoutes(directories.docs));
    app.route('/', pageRoutes(directories.page));
  }
  return app;
}
