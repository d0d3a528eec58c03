/** Programs from PyPI, each in a virtual environment of its own. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildOnce } from './cache';
import { ToolMissing, versionPrinted, which, type Tool } from './tool';

export interface VenvRecipe {
  readonly name: string;
  /** Exact pin, such as `moto[server]==5.2.1`. */
  readonly requirement: string;
  /** What the program needs and does not ask for, pinned too. @default - nothing */
  readonly also?: readonly string[];
  /** File name below the environment's `bin`. */
  readonly program: string;
}

/**
 * Installs the recipe into the cache unless it is there.
 * @throws ToolMissing when there is no python3, or pip cannot install
 */
export function venvTool({ name, requirement, also = [], program }: VenvRecipe): Tool {
  const remedy = `install it with: pip install '${requirement}'`;
  const version = requirement.split('==')[1] ?? '';
  const python = which('python3');
  if (!python)
    throw new ToolMissing(name, 'no python3 on PATH to install it with', 'install Python 3.10 or newer');
  // An environment is tied to the interpreter that made it, hence its version in the name.
  const pythonVersion = versionPrinted(python, ['--version']) ?? 'unknown';
  const dir = buildOnce(`${name}-${version}-python-${pythonVersion}`, 'bin/python3', (target) => {
    process.stderr.write(`installing ${requirement} into ${target} (once)\n`);
    must(name, remedy, python, ['-m', 'venv', target]);
    must(name, remedy, join(target, 'bin/python3'), [
      '-m',
      'pip',
      'install',
      '--quiet',
      requirement,
      ...also,
    ]);
  });
  return { path: join(dir, 'bin', program), version, how: 'cache' };
}

function must(name: string, remedy: string, command: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return;
  const lastLine = `${stdout}${stderr}`.trim().split('\n').at(-1) ?? '';
  throw new ToolMissing(name, `\`${args.slice(0, 3).join(' ')}\` failed: ${lastLine}`, remedy);
}
