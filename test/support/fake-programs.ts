import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * For each test of the suite: an empty HE300_CACHE, and a PATH that is one directory,
 * into which `add` puts programs, each a shell script. Such a script names other programs by their full path.
 */
export function withFakePath(): { readonly dir: string; add(name: string, script: string): string } {
  const before = { ...process.env };
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'he300-path-'));
    process.env['PATH'] = dir;
    process.env['HE300_CACHE'] = join(dir, 'cache');
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
    process.env['PATH'] = before['PATH'];
    if (before['HE300_CACHE'] === undefined) delete process.env['HE300_CACHE'];
    else process.env['HE300_CACHE'] = before['HE300_CACHE'];
  });
  return {
    get dir() {
      return dir;
    },
    add(name, script) {
      const path = join(dir, name);
      writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      return path;
    },
  };
}
