/** A GGUF file before anything is made of it; the format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError } from '../../errors';

const MAGIC = 'GGUF';

/** How llama.cpp names the first of a model's files where it has several. */
const FIRST_OF_SEVERAL = /-00001-of-(\d{5})\.gguf$/;

/** @throws InputError when there is no such file, or it is of another kind */
export async function checkGguf(path: string): Promise<void> {
  const bytes = Buffer.alloc(MAGIC.length);
  try {
    const file = await open(path);
    await file.read(bytes).finally(() => file.close());
  } catch (error) {
    throw unreadable(path, error);
  }
  if (bytes.toString('latin1') !== MAGIC)
    throw new InputError(`model: ${path} does not begin with "${MAGIC}"; allowed: a GGUF file`);
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
