/** Builds the page where it is missing, or older than what it is made of. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = join(import.meta.dirname, '..');
const SOURCES = ['web', 'api', 'package.json', '../package-lock.json', '../benchmark/src/contract'];

/** @returns whether there was something to build */
export async function buildPage(): Promise<boolean> {
  const page = join(PACKAGE, 'dist/web/index.html');
  const builtMs = existsSync(page) ? statSync(page).mtimeMs : 0;
  if (SOURCES.every((source) => newestMs(join(PACKAGE, source)) <= builtMs)) return false;
  // Loaded here: it takes longer than the rest of the start.
  const { build } = await import('vite');
  await build({ configFile: join(PACKAGE, 'web/vite.config.ts'), logLevel: 'warn' });
  return true;
}

function newestMs(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  // Of a directory too: it changes when a file in it goes.
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}
