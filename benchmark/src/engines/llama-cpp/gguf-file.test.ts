import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkGguf, nameOfGguf, sha256OfGguf } from './gguf-file';

let dir: string;
const at = (name: string): string => join(dir, name);
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'he300-gguf-'))));
afterEach(() => rmSync(dir, { recursive: true }));

describe('what is no GGUF file is refused in one line', () => {
  test('nothing there', async () => {
    await expect(checkGguf(at('none'))).rejects.toThrow(
      `model: cannot read ${at('none')}: ENOENT; allowed: a GGUF file`,
    );
  });

  test('a directory', async () => {
    await expect(checkGguf(dir)).rejects.toThrow(`model: cannot read ${dir}: EISDIR; allowed: a GGUF file`);
  });

  test.each([
    ['an empty file', ''],
    ['a file of another kind', 'PK\u0003\u0004 and more'],
  ])('%s', async (_title, text) => {
    writeFileSync(at('model.gguf'), text);
    await expect(checkGguf(at('model.gguf'))).rejects.toThrow(
      `model: ${at('model.gguf')} does not begin with "GGUF"; allowed: a GGUF file`,
    );
  });
});

const header = (version: number, tensors: bigint, metadata: bigint): Buffer => {
  const bytes = Buffer.alloc(24);
  bytes.write('GGUF');
  bytes.writeUInt32LE(version, 4);
  bytes.writeBigUInt64LE(tensors, 8);
  bytes.writeBigUInt64LE(metadata, 16);
  return bytes;
};

test.each([
  ['a version that llama.cpp does not read', header(1, 0n, 0n), 'has GGUF version 1; allowed: 2, 3'],
  ['a file that ends after four bytes', Buffer.from('GGUF'), 'has GGUF version 0; allowed: 2, 3'],
  ['more entries than bytes', header(3, 20n, 5n), 'is cut off: 24 bytes cannot hold 25 entries'],
  [
    'a header of nonsense',
    header(3, 2n ** 64n - 1n, 2n ** 64n - 1n),
    'is cut off: 24 bytes cannot hold 36893488147419103230 entries',
  ],
])('%s is refused before anybody believes it', async (_title, bytes, message) => {
  writeFileSync(at('model.gguf'), bytes);
  await expect(checkGguf(at('model.gguf'))).rejects.toThrow(`model: ${at('model.gguf')} ${message}`);
});

test('a file of the kind is let through', async () => {
  writeFileSync(at('model.gguf'), Buffer.concat([header(3, 1n, 2n), Buffer.alloc(8)]));
  await expect(checkGguf(at('model.gguf'))).resolves.toBeUndefined();
});

test('a model is named after its file', () => {
  expect(nameOfGguf('/models/Tiny-1B-Q4_K_M.gguf')).toBe('Tiny-1B-Q4_K_M');
  expect(nameOfGguf('Big-00001-of-00003.gguf')).toBe('Big');
});

test('the digest is of the whole model, also where it has several files', async () => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  writeFileSync(at('one.gguf'), 'GGUF');
  expect(await sha256OfGguf(at('one.gguf'))).toBe(sha256('GGUF'));

  for (const [index, text] of ['GGUF one', 'GGUF two'].entries())
    writeFileSync(at(`two-0000${index + 1}-of-00002.gguf`), text);
  expect(await sha256OfGguf(at('two-00001-of-00002.gguf'))).toBe(sha256('GGUF oneGGUF two'));

  rmSync(at('two-00002-of-00002.gguf'));
  await expect(sha256OfGguf(at('two-00001-of-00002.gguf'))).rejects.toThrow(
    /two-00002-of-00002.gguf: ENOENT/,
  );
});
