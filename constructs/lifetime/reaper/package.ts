/** Packs the reaper into the zip that AWS Lambda runs. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { builtFile, PROJECT } from '../../build/built-file';

export interface ReaperZip {
  /** Absolute path of the zip. */
  readonly path: string;
  /** SHA-256 of its bytes, base64, as AWS Lambda reports it. */
  readonly sha256Base64: string;
}

/**
 * Bundles `handler.ts` as `index.js`. The SDK is left out, for the runtime carries it. The same sources give the same
 * bytes on every machine, or each machine's deploy would replace the function.
 */
export function buildReaperZip(path: string = join(PROJECT, 'dist/reaper.zip')): ReaperZip {
  const bytes = builtFile(path, {
    file: __filename,
    options: {
      entryPoints: ['constructs/lifetime/reaper/handler.ts'],
      target: 'node22',
      format: 'cjs',
      external: ['@aws-sdk/*'],
    },
    pack: zipped,
  });
  return { path, sha256Base64: createHash('sha256').update(bytes).digest('base64') };
}

function zipped(code: Uint8Array): Uint8Array {
  // A zip holds local time without its zone, so the date is made in local time too. `os` 3 is Unix, for the mode.
  return zipSync({ 'index.js': [code, { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o644 << 16 }] });
}
