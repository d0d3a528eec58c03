/** Packs the runner into the one file that a host downloads. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { builtFile, PROJECT } from '../../constructs/build/built-file';

export interface RunnerBundle {
  /** Absolute path of the file. */
  readonly path: string;
  /** Hex digest of its bytes. */
  readonly sha256: string;
}

/**
 * Bundles `benchmark/src/cli/main.ts`. The same sources give the same bytes on every machine, because the digest is the
 * bundle's name in the artifact bucket.
 */
export function buildRunnerBundle(path: string = join(PROJECT, 'dist/he300.mjs')): RunnerBundle {
  const bytes = builtFile(path, {
    file: __filename,
    options: {
      entryPoints: ['benchmark/src/cli/main.ts'],
      target: 'node20',
      format: 'esm',
      define: { HE300_BUNDLED: 'true' },
      // Native code: whoever wants the embedded engine installs it beside the bundle.
      external: ['node-llama-cpp'],
      // Packages written as CommonJS call require, which a module has only when it makes it.
      banner: {
        js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
      },
    },
  });
  return { path, sha256: hash('sha256', bytes) };
}
