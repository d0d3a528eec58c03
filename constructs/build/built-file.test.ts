import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtFile, PROJECT } from './built-file';

// Below the project, for esbuild names its inputs relative to that.
let dir: string;
beforeEach(() => {
  mkdirSync(join(PROJECT, '.he300'), { recursive: true });
  dir = mkdtempSync(join(PROJECT, '.he300/built-'));
  writeFileSync(join(dir, 'word.ts'), 'export const word: string = "one";');
  writeFileSync(join(dir, 'main.ts'), 'import { word } from "./word"; console.log(word);');
});
afterEach(() => rmSync(dir, { recursive: true }));

const build = (): string => {
  const recipe = { file: __filename, options: { entryPoints: [join(dir, 'main.ts')] } };
  return Buffer.from(builtFile(join(dir, 'out.js'), recipe)).toString();
};
const writtenAt = (): bigint => statSync(join(dir, 'out.js'), { bigint: true }).ino;

test('a change of any source, however deep, makes it again', () => {
  expect(build()).toContain('"one"');
  writeFileSync(join(dir, 'word.ts'), 'export const word: string = "two";');
  expect(build()).toContain('"two"');
});

test('a source that is gone is an error, not the old file', () => {
  build();
  rmSync(join(dir, 'word.ts'));
  expect(build).toThrow(/word/);
});

test('a file that somebody has changed is made again', () => {
  const made = build();
  writeFileSync(join(dir, 'out.js'), 'something else');
  expect(build()).toBe(made);
  expect(readFileSync(join(dir, 'out.js'), 'utf8')).toBe(made);
});

test('unchanged sources cost no build, and touched ones no new file', () => {
  const made = build();
  const written = writtenAt();
  const stamp = statSync(join(dir, 'out.js.inputs.json'), { bigint: true }).ino;
  expect(build()).toBe(made);
  expect(statSync(join(dir, 'out.js.inputs.json'), { bigint: true }).ino).toBe(stamp);
  utimesSync(join(dir, 'word.ts'), 1, 1);
  expect(build()).toBe(made);
  expect(statSync(join(dir, 'out.js.inputs.json'), { bigint: true }).ino).not.toBe(stamp);
  expect(writtenAt()).toBe(written);
});
