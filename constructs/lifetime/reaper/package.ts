/** Packs the reaper into the zip that AWS Lambda runs. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { zipSync } from 'fflate';

const PROJECT = join(__dirname, '../../..');

export interface ReaperZip {
  /** Absolute path of the zip. */
  readonly path: string;
  /** SHA-256 of its bytes, base64, as AWS Lambda reports it. */
  readonly sha256Base64: string;
}

/**
 * Bundles `handler.ts` as `index.js`. The SDK is left out, for the runtime carries it. The same sources give the same
 * bytes on every machine, or each machine's deploy would replace the function; a file with these bytes is left alone.
 */
export function buildReaperZip(path: string = join(PROJECT, 'dist/reaper.zip')): ReaperZip {
  const { outputFiles } = buildSync({
    // Everything that esbuild writes down about paths is relative to this directory.
    absWorkingDir: PROJECT,
    entryPoints: ['constructs/lifetime/reaper/handler.ts'],
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['@aws-sdk/*'],
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
  });
  // A zip holds local time without its zone, so the date is made in local time too. `os` 3 is Unix, for the mode.
  const entry = { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o644 << 16 };
  const bytes = zipSync({ 'index.js': [outputFiles[0]!.contents, entry] });
  if (!existsSync(path) || !readFileSync(path).equals(bytes)) replace(path, bytes);
  return { path, sha256Base64: createHash('sha256').update(bytes).digest('base64') };
}

/** A synth beside this one may be reading the file: it sees the old bytes or the new ones, nothing between. */
function replace(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${randomUUID()}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(temporary, bytes);
  renameSync(temporary, path);
}
