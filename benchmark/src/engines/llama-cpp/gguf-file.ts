/** A GGUF file before anything is made of it; the format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError } from '../../errors';

const MAGIC = 'GGUF';

/** Those that llama.cpp reads. */
const VERSIONS = [2, 3];

/** Magic, version, and how many tensors and metadata there are. */
const HEADER_BYTES = 4 + 4 + 8 + 8;

/** How llama.cpp names the first of a model's files where it has several. */
const FIRST_OF_SEVERAL = /-00001-of-(\d{5})\.gguf$/;

/** @throws InputError when there is no such file, or it is of another kind */
export async function checkGguf(path: string): Promise<void> {
  const { header, size } = await beginningOf(path);
  if (header.toString('latin1', 0, 4) !== MAGIC)
    throw new InputError(`model: ${path} does not begin with "${MAGIC}"; allowed: a GGUF file`);
  const version = header.readUInt32LE(4);
  if (!VERSIONS.includes(version))
    throw new InputError(`model: ${path} has GGUF version ${version}; allowed: ${VERSIONS.join(', ')}`);
  // Whoever believes a header of nonsense reads on for hours. Each takes a length of eight bytes at the least.
  const entries = header.readBigUInt64LE(8) + header.readBigUInt64LE(16);
  if (entries * 8n > size)
    throw new InputError(`model: ${path} is cut off: ${size} bytes cannot hold ${entries} entries`);
}

/** What is missing of a short file is zero. @throws InputError */
async function beginningOf(path: string): Promise<{ readonly header: Buffer; readonly size: number }> {
  const header = Buffer.alloc(HEADER_BYTES);
  try {
    const file = await open(path);
    try {
      await file.read(header);
      return { header, size: (await file.stat()).size };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Hex SHA-256 of the file, or of all the model's files one after another. @throws InputError */
export async function sha256OfGguf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for (const part of partsOf(path)) {
    try {
      for await (const chunk of createReadStream(part, { highWaterMark: 1024 * 1024 }))
        hash.update(chunk as Buffer);
    } catch (error) {
      throw unreadable(part, error);
    }
  }
  return hash.digest('hex');
}

/** The model's name: its file's, without what says that it is a file. */
export const nameOfGguf = (path: string): string =>
  basename(path)
    .replace(FIRST_OF_SEVERAL, '')
    .replace(/\.gguf$/, '')
    .slice(0, 200);

function partsOf(path: string): string[] {
  const [ending, count] = FIRST_OF_SEVERAL.exec(path) ?? [];
  if (ending === undefined) return [path];
  const start = path.slice(0, -ending.length);
  const number = (index: number): string => String(index + 1).padStart(5, '0');
  return Array.from({ length: Number(count) }, (_, index) => `${start}-${number(index)}-of-${count}.gguf`);
}

const unreadable = (path: string, error: unknown): InputError =>
  new InputError(
    `model: cannot read ${path}: ${(error as NodeJS.ErrnoException).code}; allowed: a GGUF file`,
  );
