/** A program of this directory as one file, so that no loader is measured. */
import { buildSync } from 'esbuild';
import { join } from 'node:path';
import { scratch } from './client';

export function bundled(name: string): string {
  const outfile = join(scratch('programs'), `${name}.cjs`);
  buildSync({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'error',
  });
  return outfile;
}
