/** What an external program is to us: a path, a version, and where it came from. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CliError } from './cli';

export interface Tool {
  readonly path: string;
  readonly version: string;
  /** Taken from PATH, or installed once into the per-user cache. */
  readonly how: 'PATH' | 'cache';
}

/** A program that is not here and could not be installed: why, and how to get it. */
export class ToolMissing extends CliError {
  constructor(
    readonly tool: string,
    readonly reason: string,
    readonly remedy: string,
  ) {
    super(`${tool}: ${reason}; ${remedy}`);
  }
}

/** The first executable of that name on PATH, or in the given directories. */
export function which(
  name: string,
  dirs: readonly string[] = (process.env['PATH'] ?? '').split(delimiter),
): string | undefined {
  const candidates = dirs.map((dir) => join(dir, name));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The first `1.2` or `1.2.3` that the command prints, or undefined when it fails. */
export function versionPrinted(path: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(path, args, {
    encoding: 'utf8',
    env: { ...process.env, CHECKPOINT_DISABLE: '1' },
  });
  return status === 0 ? /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] : undefined;
}

/** Compares dotted numbers: `atLeast('1.11.4', '1.11')` is true. */
export function atLeast(version: string, minimum: string): boolean {
  const have = version.split('.').map(Number);
  const want = minimum.split('.').map(Number);
  for (const [i, part] of want.entries()) {
    if ((have[i] ?? 0) !== part) return (have[i] ?? 0) > part;
  }
  return true;
}

/**
 * A program that is only ever taken from PATH.
 * @throws ToolMissing when it is not there or too old
 */
export function toolOnPath(
  name: string,
  versionArgs: readonly string[],
  minimum: string,
  remedy: string,
): Tool {
  const path = which(name);
  if (!path) throw new ToolMissing(name, 'not on PATH', remedy);
  const version = versionPrinted(path, versionArgs);
  if (!version) throw new ToolMissing(name, `${path} does not tell its version`, remedy);
  if (!atLeast(version, minimum))
    throw new ToolMissing(name, `${path} is ${version}, older than ${minimum}`, remedy);
  return { path, version, how: 'PATH' };
}

/** Terraform 1.11 is the first whose S3 backend locks without a table. */
export const terraform = (): Tool =>
  toolOnPath(
    'terraform',
    ['version', '-json'],
    '1.11',
    'install Terraform 1.11 or newer from developer.hashicorp.com',
  );
