import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFakePath } from '../fake-programs';
import { tool } from '.';

// Resolved tools are remembered for as long as the module lives, so each test asks for another one.
const path = withFakePath();

// What is being installed is told on stderr, which is noise here.
beforeEach(() => void jest.spyOn(process.stderr, 'write').mockReturnValue(true));
afterEach(() => jest.restoreAllMocks());

test('a program to be built says so when there is no Go', () => {
  expect(() => tool('vault')).toThrow(
    'vault: not on PATH, and no go to build it with; put vault 1.21.0 or newer on PATH, or install Go',
  );
});

test('a failed build is quoted by its last line', () => {
  path.add('go', 'echo "go: downloading" >&2; echo "go: no such version" >&2; exit 1');
  expect(() => tool('ollama')).toThrow(
    'ollama: go build failed: go: no such version; put ollama 0.6.5 or newer on PATH',
  );
});

test('an old program on PATH is passed over for a built one', () => {
  path.add('packer', 'echo Packer v1.9.0');
  path.add('go', `echo "$*" > ${path.dir}/go.log; echo '#!/bin/sh' > packer`);
  const dir = join(path.dir, 'cache/packer-1.11.2');
  expect(tool('packer')).toEqual({ path: join(dir, 'packer'), version: '1.11.2', how: 'cache' });
  expect(readFileSync(join(path.dir, 'go.log'), 'utf8')).toBe(
    'build -mod=mod -buildvcs=false -o packer github.com/hashicorp/packer\n',
  );
  expect(readFileSync(join(dir, 'go.mod'), 'utf8').split('\n')).toEqual(
    expect.arrayContaining([
      'tool github.com/hashicorp/packer',
      'require github.com/hashicorp/packer v1.11.2',
      'replace github.com/zclconf/go-cty => github.com/nywilken/go-cty v1.13.3',
    ]),
  );
});

test('a program on PATH that is new enough is not built', () => {
  const file = path.add('actionlint', 'echo v1.7.13');
  expect(tool('actionlint')).toEqual({ path: file, version: '1.7.13', how: 'PATH' });
});
