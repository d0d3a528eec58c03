/** The OpenAPI document, made from the routes themselves. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { version } from '../../package.json';
import { cookieName } from '../access/session-cookie';
import type { Env, Services } from '../services';

const DESCRIPTION = [
  'Results of HE-300 runs. Times are UTC, RFC 3339; units stand in the names.',
  '`x-he300-role` of each operation says who may call it: `public` everybody, `viewer`, `runner`, `admin` each also those after it.',
  'A session (cookie) sends `he300-csrf` with whatever changes something; a token (`Authorization: Bearer …`) need not.',
].join('\n\n');

/** Last of all: the document has the routes that `app` has by now. */
export function serveOpenApi(app: OpenAPIHono<Env>, { config }: Services): void {
  const { openAPIRegistry } = app;
  openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: cookieName(config),
  });
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'HE-300 dashboard', version, description: DESCRIPTION },
    servers: [{ url: config.publicUrl ?? '/' }],
  });
  const text = JSON.stringify(document);
  app.get('/openapi.json', (c) => c.body(text, 200, { 'content-type': 'application/json' }));
}
