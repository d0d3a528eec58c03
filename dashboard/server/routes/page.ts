/** The page: what Vite built, and its `index.html` for every address that the page itself knows. */
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono, type MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { html } from 'hono/html';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../services';

const NOT_BUILT = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <title>HE-300 dashboard: not built</title>
    </head>
    <body>
      <h1>The page is not built</h1>
      <p>The server runs, and its API answers: <a href="/docs">/docs</a>.</p>
      <p>To build the page: <code>npm run build -w dashboard</code>, then load this again.</p>
    </body>
  </html>`;

/** @param directory with `index.html`; it is looked for at each request, so that a build needs no restart */
export function pageRoutes(directory: string): Hono<Env> {
  const app = new Hono<Env>();
  // Made at the first request for a file: the library complains of a directory that is not there yet.
  let files: { readonly named: MiddlewareHandler<Env>; readonly index: MiddlewareHandler<Env> } | undefined;

  app.get('*', compress(), async (c, next) => {
    const { path } = c.req;
    if (path.startsWith('/api/')) return next();
    if (!existsSync(join(directory, 'index.html'))) return c.html(NOT_BUILT, 503);
    files ??= {
      named: serveStatic({ root: directory }),
      index: serveStatic({ root: directory, path: 'index.html' }),
    };
    // Vite puts a hash of the content into the names of these.
    const hashed = path.startsWith('/assets/');
    const answer = await (hashed || /\.[a-z0-9]+$/.test(path) ? files.named : files.index)(c, next);
    const found = answer instanceof Response && answer.ok;
    if (found)
      answer.headers.set('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    return answer;
  });
  return app;
}
