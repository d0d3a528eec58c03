/** Packs what the VM of an environment's own Vault runs beside Vault into the one file that it downloads. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { builtFile, PROJECT } from '../../constructs/build/built-file';

export interface VaultVmProgram {
  /** Absolute path of the file. */
  readonly path: string;
  /** Hex digest of its bytes. */
  readonly sha256: string;
}

/** The same sources give the same bytes on every machine, because the digest is the program's name in the artifact bucket. */
export function buildVaultVmProgram(path: string = join(PROJECT, 'dist/vault-vm.mjs')): VaultVmProgram {
  const bytes = builtFile(path, {
    file: __filename,
    options: {
      entryPoints: ['userdata/vault-server/vm/main.ts'],
      target: 'node24',
      format: 'esm',
      minify: true,
      keepNames: true,
      define: { HE300_BUNDLED: 'true' },
      // Packages written as CommonJS call require, which a module has only when it makes it.
      banner: {
        js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
      },
    },
  });
  return { path, sha256: hash('sha256', bytes) };
}
