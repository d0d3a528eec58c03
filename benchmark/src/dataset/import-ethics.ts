/** Takes the files that HE-300 needs out of a directory, an archive or a URL, and keeps them where runs find them. */
import { unzipSync } from 'fflate';
import { parseTar } from 'nanotar';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InputError } from '../errors';
import { ETHICS_FILES } from './ethics-files';
import { readEthics, verifiedBytes, type Dataset } from './read-ethics';

const NAMES = new Set(Object.values(ETHICS_FILES).map(({ stem }) => `${stem}.csv`));
/** The published archive is a tenth of this. */
const MAX_BYTES = 400 * 1024 * 1024;

/**
 * Leaves exactly the pinned files in the directory `to`, or leaves it as it was.
 * @param source directory, `.zip`, `.tar`, `.tar.gz` or `.tgz` file, or URL of such a file
 * @throws InputError when the source cannot be read, a file is missing or differs, or `to` holds something else
 */
export async function importEthics(source: string, to: string): Promise<Dataset> {
  // Without a slash at its end, for the scratch is to stand beside it.
  const target = resolve(to);
  refuseOthersPlace(target);
  mkdirSync(dirname(target), { recursive: true });
  const scratch = mkdtempSync(`${target}.part-`);
  try {
    for (const [name, bytes] of await filesOf(source)) writeFileSync(join(scratch, name), bytes);
    const dataset = readEthics(scratch);
    rmSync(target, { recursive: true, force: true });
    renameSync(scratch, target);
    return dataset;
  } catch (error) {
    // What was read is told by the source's name, for the other is gone by then.
    throw error instanceof InputError ? new InputError(error.message.replaceAll(scratch, source)) : error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What stands at the target is removed, so it must be an import, or nothing. */
function refuseOthersPlace(target: string): void {
  if (!existsSync(target)) return;
  const names = statSync(target).isDirectory() ? readdirSync(target) : [target];
  if (names.length > 0 && !names.some((name) => NAMES.has(name)))
    throw new InputError(
      `dataset: ${target} holds something else; allowed: an empty directory, or an import`,
    );
}

type Files = ReadonlyMap<string, Uint8Array>;

async function filesOf(source: string): Promise<Files> {
  if (/^https?:\/\//.test(source)) return unpacked(source, await download(source));
  if (!existsSync(source)) throw new InputError(`dataset: no such file or directory: ${source}`);
  if (!statSync(source).isDirectory()) return unpacked(source, readFileSync(source));
  return new Map(
    Object.values(ETHICS_FILES).map((file) => [`${file.stem}.csv`, verifiedBytes(source, file)]),
  );
}

async function download(url: string): Promise<Uint8Array> {
  const response = await fetch(url).catch((error: unknown) => {
    const { cause, message } = error as Error;
    throw new InputError(`dataset: ${url}: ${(cause as Error | undefined)?.message ?? message}`);
  });
  if (!response.ok) throw new InputError(`dataset: ${url} answers ${response.status}; allowed: 200`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).length;
    if (size > MAX_BYTES)
      throw new InputError(`dataset: ${url} has more than ${MAX_BYTES} bytes; allowed: at most that`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

/** What it is says its first bytes, for a URL need not end in a name. */
function unpacked(source: string, bytes: Uint8Array): Files {
  try {
    if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
      const entries = unzipSync(bytes, {
        filter: ({ name, originalSize }) => isWanted(name) && originalSize < MAX_BYTES,
      });
      return new Map(Object.entries(entries).map(([name, data]) => [basename(name), data]));
    }
    const tar =
      bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: MAX_BYTES }) : bytes;
    const entries = parseTar(tar, { filter: ({ name, type }) => type === 'file' && isWanted(name) });
    if (entries.length > 0)
      return new Map(entries.map(({ name, data }) => [basename(name), data ?? new Uint8Array()]));
  } catch (error) {
    throw new InputError(`dataset: ${source} cannot be unpacked: ${(error as Error).message}`);
  }
  throw new InputError(
    `dataset: ${source} holds none of the files; allowed: a zip, tar or tar.gz with ${[...NAMES].join(', ')}`,
  );
}

const isWanted = (path: string): boolean => NAMES.has(basename(path));
