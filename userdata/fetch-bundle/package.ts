/** Packs the fetcher into the few kilobytes that user data has room for. */
import { join } from 'node:path';
import { builtFile, PROJECT } from '../../constructs/build/built-file';

/** The text of the one that becomes what it has fetched. The same sources give the same text on every machine. */
export const fetcherProgram = (path: string = join(PROJECT, 'dist/fetch-bundle.mjs')): string =>
  programOf('userdata/fetch-bundle/main.ts', path);

/** The text of the one that only fetches. */
export const archiveFetcherProgram = (path: string = join(PROJECT, 'dist/fetch-archive.mjs')): string =>
  programOf('userdata/fetch-bundle/archive-main.ts', path);

function programOf(entry: string, path: string): string {
  const bytes = builtFile(path, {
    file: __filename,
    options: {
      entryPoints: [entry],
      target: 'node20',
      format: 'esm',
      minify: true,
      charset: 'utf8',
    },
  });
  return Buffer.from(bytes).toString();
}
