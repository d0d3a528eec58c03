/** `/docs`: the OpenAPI document as a page to read and try, by Swagger UI’s own files served from here. */
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Env } from '../services';

const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js'];

/** The policy allows no inline script, so that the page’s one statement is a file. */
const START = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
});
`;

const PAGE = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>HE-300 dashboard: API</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="/docs/swagger-ui.css" />
    </head>
    <body>
      <div id="swagger-ui"></div>
      <script src="/docs/swagger-ui-bundle.js"></script>
      <script src="/docs/start.js"></script>
    </body>
  </html>`;

/** @param directory of the package swagger-ui-dist, or of a copy of its files */
export function docsRoutes(directory: string): Hono<Env> {
  const app = new Hono<Env>();
  app.get('/docs', (c) => c.html(PAGE));
  app.get('/docs/start.js', (c) => c.body(START, 200, { 'content-type': 'text/javascript' }));
  for (const file of FILES) {
    const path = `/docs/${file}`;
    app.get(path, serveStatic({ root: directory, path: file }));
  }
  return app;
}
