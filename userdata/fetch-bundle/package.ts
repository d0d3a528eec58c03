/** Packs the fetcher into the few kilobytes that user data has room for. */
import { join } from 'node:path';
import { builtFile, PROJECT } from '../../constructs/build/built-file';

/** The program's text. The same sources give the same text on every machine. */
export function fetcherProgram(path: string = join(PROJECT, 'dist/fetch-bundle.mjs')): string {
  const bytes = builtFile(path, {
    file: __filename,
    options: {
      entryPoints: ['userdata/fetch-bundle/main.ts'],
      target: 'node20',
      format: 'esm',
      minify: true,
      charset: 'utf8',
    },
  });
  return Buffer.from(bytes).toString();
}
