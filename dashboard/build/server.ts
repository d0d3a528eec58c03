/** Packs the server and its command line into `dist/dashboard.mjs`, and puts Swagger UI's files beside it. */
import { build } from 'esbuild';
import { cpSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const PACKAGE = join(import.meta.dirname, '..');

await build({
  absWorkingDir: PACKAGE,
  entryPoints: ['server/cli/main.ts'],
  outfile: 'dist/dashboard.mjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  minify: true,
  keepNames: true,
  legalComments: 'linked',
  logLevel: 'warning',
  define: { HE300_BUNDLED: 'true' },
  // The first two are native, and asked for only where Node has no SQLite of its own, and by nobody; the last is of a checkout.
  external: ['libsql', 'pg-native', '*/build/page'],
  // Packages written as CommonJS call require, which a module has only when it makes it.
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
});

const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const docs = join(PACKAGE, 'dist/docs');
mkdirSync(docs, { recursive: true });
for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE'])
  cpSync(join(swaggerUi, file), join(docs, file));
