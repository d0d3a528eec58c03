/**
 * A file that esbuild makes of our sources, made again only when one of them has changed: a synthesis needs two of them,
 * and making them takes longer than all the rest of an environment.
 */
import { hash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type * as Esbuild from 'esbuild';

export const PROJECT = join(__dirname, '../..');

/** What a result depends on besides the sources that esbuild finds: how it resolves them, and with which version. */
const ALWAYS = ['package-lock.json', 'tsconfig.json', 'constructs/build/built-file.ts'];

export interface Recipe {
  /** The module with the recipe, an absolute path: a changed recipe is a changed result. */
  readonly file: string;
  readonly options: Esbuild.BuildOptions;
  /** @default - the code as it is */
  readonly pack?: (code: Uint8Array) => Uint8Array;
}

interface Stamp {
  /** Of the file that was made. */
  readonly sha256: string;
  /** Size and time of change by path, relative to the project. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** Makes the file where it is not up to date, and returns its bytes. The same sources give the same bytes everywhere. */
export function builtFile(path: string, recipe: Recipe): Uint8Array {
  const stampPath = `${path}.inputs.json`;
  const current = upToDate(path, stampPath);
  if (current) return current;

  const { bytes, sources } = build(recipe);
  // Looked at before the file stands there: whoever edits a source meanwhile gets a new build, not a stale one.
  const stamp: Stamp = {
    sha256: hash('sha256', bytes),
    inputs: Object.fromEntries([...ALWAYS, recipe.file, ...sources].map((file) => [file, stateOf(file)])),
  };
  if (bytesOf(path)?.equals(bytes) !== true) replace(path, bytes);
  replace(stampPath, JSON.stringify(stamp));
  return bytes;
}

function upToDate(path: string, stampPath: string): Uint8Array | undefined {
  const [bytes, stampBytes] = [bytesOf(path), bytesOf(stampPath)];
  if (!bytes || !stampBytes) return undefined;
  const { sha256, inputs } = JSON.parse(stampBytes.toString()) as Stamp;
  const same = Object.entries(inputs).every(([file, state]) => stateOf(file) === state);
  return same && hash('sha256', bytes) === sha256 ? bytes : undefined;
}

function build({ options, pack = (code) => code }: Recipe): { bytes: Uint8Array; sources: string[] } {
  // Loaded here, because most of the time it is not needed, and synthesis cannot wait for a promise.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { buildSync } = require('esbuild') as typeof Esbuild;
  const { outputFiles, metafile } = buildSync({
    // Everything that esbuild writes down about paths is relative to this directory.
    absWorkingDir: PROJECT,
    bundle: true,
    platform: 'node',
    legalComments: 'none',
    logLevel: 'silent',
    ...options,
    write: false,
    metafile: true,
  });
  return { bytes: pack(outputFiles[0]!.contents), sources: Object.keys(metafile.inputs) };
}

function stateOf(file: string): string {
  const stat = statSync(file.startsWith('/') ? file : join(PROJECT, file), {
    bigint: true,
    throwIfNoEntry: false,
  });
  return stat ? `${stat.size} ${stat.mtimeNs}` : 'missing';
}

function bytesOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A synth beside this one may be reading the file: it sees the old bytes or the new ones, nothing between. */
export function replace(path: string, bytes: Uint8Array | string): void {
  const temporary = `${path}.${randomUUID()}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(temporary, bytes);
  renameSync(temporary, path);
}
