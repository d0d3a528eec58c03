/** Programs from Debian's packages, installed on the machine itself where the tests run as root on a Debian. */
import { spawnSync } from 'node:child_process';
import { versionPrinted, ToolMissing, toolOnPath, which, type Tool } from '../../../ops/lib/tool';

export interface AptRecipe {
  readonly name: string;
  /** Debian package that holds it. */
  readonly package: string;
  /** Where the package puts it. @default - on PATH */
  readonly dir?: string;
  /** Packages that it needs to be of use here, such as the firmware of an emulator. @default - none */
  readonly with?: readonly string[];
  /** @default ['--version'] */
  readonly versionArgs?: readonly string[];
  /** Oldest version that fits. @default - any, also one that does not tell its version */
  readonly minimum?: string;
}

/** Another installation may be under way: that of another test, or of the machine itself. */
const LOCK_TIMEOUT_SECONDS = 600;

/** @throws ToolMissing when it is absent and cannot be installed here, or when what is there is too old */
export function aptTool(recipe: AptRecipe): Tool {
  const { name, dir, versionArgs = ['--version'], minimum } = recipe;
  const find = () => which(name) ?? (dir === undefined ? undefined : which(name, [dir]));
  if (!find()) install(recipe);
  const remedy = `install the package ${recipe.package}`;
  if (minimum !== undefined) return toolOnPath(name, versionArgs, minimum, remedy);
  const path = find();
  if (!path) throw new ToolMissing(name, `not on PATH, nor in the package ${recipe.package}`, remedy);
  return { path, version: versionPrinted(path, versionArgs) ?? 'unknown', how: 'PATH' };
}

function install({ name, package: main, with: others = [] }: AptRecipe): void {
  const packages = [main, ...others];
  const remedy = `install it with: apt-get install ${packages.join(' ')}`;
  const apt = which('apt-get');
  if (!apt) throw new ToolMissing(name, 'not on PATH, and no apt-get to install it with', remedy);
  if (process.getuid?.() !== 0)
    throw new ToolMissing(name, 'not on PATH, and only root may install it', remedy);
  process.stderr.write(`installing ${packages.join(', ')} (once)\n`);
  const failure = attempt(apt, packages);
  if (failure === undefined) return;
  // A fresh image carries no lists of packages, an old one outdated ones.
  run(apt, ['update', '--quiet']);
  const again = attempt(apt, packages);
  if (again !== undefined) throw new ToolMissing(name, `apt-get install failed: ${again}`, remedy);
}

const attempt = (apt: string, packages: readonly string[]): string | undefined =>
  run(apt, ['install', '--yes', '--quiet', '--no-install-recommends', ...packages]);

/** The last line it said when it failed. */
function run(apt: string, args: readonly string[]): string | undefined {
  const { status, stdout, stderr } = spawnSync(
    apt,
    ['-o', `DPkg::Lock::Timeout=${LOCK_TIMEOUT_SECONDS}`, ...args],
    {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      // Runlevel 1 starts no service of what is installed: the tests want programs, not daemons.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    },
  );
  if (status === 0) return undefined;
  return `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? 'no output';
}
