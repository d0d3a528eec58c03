import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PROJECT = join(__dirname, '../..');

/** A made-up checkout for each test of the suite, to run our own plain Node scripts in. */
export function withCheckout() {
  let dir = '';
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'he300-checkout-'))));
  afterEach(() => rmSync(dir, { recursive: true }));
  const file = (path: string): string => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    return join(dir, path);
  };
  return {
    path: (path: string) => join(dir, path),
    write: (path: string, text: string) => writeFileSync(file(path), text),
    /** A shell script at that place. */
    program: (path: string, script: string) =>
      writeFileSync(file(path), `#!/bin/sh\n${script}\n`, { mode: 0o755 }),
    copy: (path: string) => copyFileSync(join(PROJECT, path), file(path)),
    /** Runs Node there, with `bin` before everything else on PATH. */
    node(args: readonly string[], env: Record<string, string> = {}) {
      const { status, stdout, stderr } = spawnSync(process.execPath, args, {
        cwd: dir,
        encoding: 'utf8',
        env: { PATH: `${join(dir, 'bin')}:/usr/bin:/bin`, ...env },
      });
      return { status, stdout, stderr };
    },
  };
}
