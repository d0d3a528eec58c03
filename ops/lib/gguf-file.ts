/** A model's weights as one file: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. */
import { createHash } from 'node:crypto';
import { createReadStream, openSync, readSync, closeSync, statSync } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CliError } from './cli';

export interface GgufFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const VERSIONS = [2, 3];

/** @throws CliError when it is not there, or no GGUF */
export async function ggufFile(path: string): Promise<GgufFile> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) throw new CliError(`${path}: no such file; allowed: a GGUF file`);
  const header = headerOf(path);
  if (header.toString('latin1', 0, 4) !== 'GGUF' || !VERSIONS.includes(header.readUInt32LE(4)))
    throw new CliError(`${path}: begins with ${header.toString('hex')}; allowed: a GGUF of version 2 or 3`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { path, bytes: stat.size, sha256: hash.digest('hex') };
}

function headerOf(path: string): Buffer {
  const header = Buffer.alloc(8);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, header.length, 0);
    return header;
  } finally {
    closeSync(file);
  }
}

/** Lets everything through and fails at the end when it was something else: an object is named by what is in it. */
export function verifying(sha256: string, what: string): Transform {
  const hash = createHash('sha256');
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const actual = hash.digest('hex');
      done(
        actual === sha256 ? null : new CliError(`${what} changed while it was read; nothing was published`),
      );
    },
  });
}
