/** Packs an ETHICS import into one archive: the same files give the same bytes on every machine. */
import { gzipSync } from 'fflate';
import { createTar } from 'nanotar';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';
import { buildRunnerBundle } from './bundle';
import { CliError } from './cli';

/**
 * @param source directory, archive or URL, as `he300 dataset import` takes it
 * @throws CliError with the importer's own words when files are missing or are not the pinned ones
 */
export async function ethicsArchive(source: string): Promise<Uint8Array> {
  const scratch = mkdtempSync(join(tmpdir(), 'he300-publish-'));
  const imported = join(scratch, 'ethics');
  try {
    const { path } = buildRunnerBundle();
    const result = await $({
      quiet: true,
      nothrow: true,
    })`${process.execPath} ${path} dataset import ${source} --to ${imported}`;
    if (result.exitCode !== 0) throw new CliError(lastLine(result.stderr));
    return packed(imported);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Without owner, time and order of the machine; by a packer whose result does not depend on Node's version. */
function packed(directory: string): Uint8Array {
  const attrs = { mode: '644', uid: 0, gid: 0, user: 'root', group: 'root', mtime: 0 };
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.csv'))
    .sort()
    .map((name) => ({ name, data: readFileSync(join(directory, name)), attrs }));
  return gzipSync(createTar(files), { level: 9, mtime: 0 });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? 'the import failed';
