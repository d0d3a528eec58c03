/** Finds the AWS emulator, moto's server. */
import { closeSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { versionPrinted, which, type Tool } from './tool';
import { venvTool } from './venv';

/** What the emulator answers differs between minor releases, and our tests rely on this one's answers. */
const MINOR = '5.2.';
const REQUIREMENT = 'moto[server]==5.2.1';

/**
 * `moto_server` from PATH when it is a 5.2 release, else from the cache, installed on first use.
 * @throws ToolMissing
 */
export function moto(): Tool {
  const path = which('moto_server');
  const version = path && motoVersion(path);
  if (version?.startsWith(MINOR)) return { path: path as string, version, how: 'PATH' };
  return venvTool({ name: 'moto', requirement: REQUIREMENT, program: 'moto_server' });
}

/** moto_server has no --version, so the interpreter that would run it is asked for its moto. */
function motoVersion(server: string): string | undefined {
  const line = firstLine(server);
  // Version managers put a shell shim on PATH, with the python3 of the same environment beside it.
  const python = /^#!\s*(\S*python[\d.]*)\s*$/.exec(line)?.[1] ?? join(dirname(server), 'python3');
  return versionPrinted(python, ['-c', "import importlib.metadata as m; print(m.version('moto'))"]);
}

function firstLine(file: string): string {
  const start = Buffer.alloc(256);
  const fd = openSync(file, 'r');
  const length = readSync(fd, start);
  closeSync(fd);
  return start.toString('utf8', 0, length).split('\n')[0] ?? '';
}
