/** Packs the runner into the one file that a host downloads. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';

const PROJECT = join(__dirname, '../..');

export interface RunnerBundle {
  /** Absolute path of the file. */
  readonly path: string;
  /** Hex digest of its bytes. */
  readonly sha256: string;
}

/**
 * Bundles `benchmark/src/cli/main.ts`. The same sources give the same bytes on every machine, because the digest is the
 * bundle's name in the artifact bucket. The file is left untouched when its bytes would not change.
 */
export function buildRunnerBundle(path: string = join(PROJECT, 'dist/he300.mjs')): RunnerBundle {
  const { outputFiles } = buildSync({
    // Everything that esbuild writes down about paths is relative to this directory.
    absWorkingDir: PROJECT,
    entryPoints: ['benchmark/src/cli/main.ts'],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // Packages written as CommonJS call require, which a module has only when it makes it.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
  });
  const bytes = outputFiles[0]!.contents;
  if (!existsSync(path) || !readFileSync(path).equals(bytes)) replace(path, bytes);
  return { path, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** A synth beside this one may be reading the file: it sees the old bytes or the new ones, nothing between. */
function replace(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${randomUUID()}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(temporary, bytes);
  renameSync(temporary, path);
}
