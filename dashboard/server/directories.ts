/** Where the files are that the server only hands on: beside the bundle, or in a checkout. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Directories } from './app';

/** Set by the build of the bundle. */
declare const HE300_BUNDLED: true | undefined;

export const isBundled = typeof HE300_BUNDLED !== 'undefined';

export function directories(): Directories {
  const here = dirname(fileURLToPath(import.meta.url));
  if (isBundled) return { page: join(here, 'web'), docs: join(here, 'docs') };
  const swaggerUi = createRequire(import.meta.url).resolve('swagger-ui-dist/package.json');
  return { page: join(here, '../dist/web'), docs: dirname(swaggerUi) };
}
