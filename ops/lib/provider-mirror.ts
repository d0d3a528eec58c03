/**
 * Lets Terraform find its providers without a registry. Terraform takes `terraform.d/plugins` of its working directory
 * for a mirror without any configuration, so a link there is enough, whatever TF_CLI_CONFIG_FILE says.
 */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const REGISTRY = 'registry.terraform.io';

const defaultRoots = (): string[] => [
  '/opt',
  '/usr/share',
  '/usr/local/share',
  join(homedir(), '.terraform.d/plugins'),
  join(homedir(), '.local/share'),
  homedir(),
];

/** The directory that holds `registry.terraform.io/<provider>`: a root, or one or two levels below. */
export function findProviderMirror(
  roots: readonly string[] = defaultRoots(),
  provider = 'hashicorp/aws',
): string | undefined {
  let level: readonly string[] = roots;
  for (let depth = 0; depth <= 2; depth++) {
    if (depth > 0) level = level.flatMap(directoriesIn);
    const found = level.find((dir) => existsSync(join(dir, REGISTRY, provider)));
    if (found) return found;
  }
  return undefined;
}

/** A directory with more entries than this holds data, not installations. */
const MOST_ENTRIES = 1_000;

function directoriesIn(dir: string): string[] {
  try {
    const entries = readdirSync(dir, { withFileTypes: true });
    if (entries.length > MOST_ENTRIES) return [];
    return entries.filter((e) => e.isDirectory()).map((e) => join(dir, e.name));
  } catch {
    return [];
  }
}

/**
 * Links the mirror into every stack directory below `outdir` (`cdktf.out`). A stack whose provider versions the mirror
 * lacks is left without a link: with it, Terraform would look nowhere else.
 */
export function linkProviderMirror(outdir: string, mirror: string | undefined = findProviderMirror()): void {
  const stacks = join(outdir, 'stacks');
  if (!mirror || !existsSync(stacks)) return;
  for (const stack of directoriesIn(stacks)) {
    const link = join(stack, 'terraform.d/plugins');
    if (!serves(mirror, stack)) rmSync(link, { force: true });
    else if (linkTarget(link) !== mirror) {
      mkdirSync(join(stack, 'terraform.d'), { recursive: true });
      rmSync(link, { force: true });
      symlinkSync(mirror, link);
    }
  }
}

function linkTarget(link: string): string | undefined {
  return lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(link) : undefined;
}

interface SynthesizedStack {
  readonly terraform?: {
    readonly required_providers?: Readonly<
      Record<string, { readonly source: string; readonly version: string }>
    >;
  };
}

/** Whether every provider of the stack that the mirror knows is there in the wanted version for this platform. */
function serves(mirror: string, stack: string): boolean {
  const file = join(stack, 'cdk.tf.json');
  if (!existsSync(file)) return false;
  const { terraform } = JSON.parse(readFileSync(file, 'utf8')) as SynthesizedStack;
  return Object.values(terraform?.required_providers ?? {}).every(
    ({ source, version }) =>
      !existsSync(join(mirror, REGISTRY, source)) || mirrorHolds(mirror, source, version),
  );
}

/** Whether the mirror has that version of a provider, such as `hashicorp/aws`, for this platform: unpacked or packed. */
export function mirrorHolds(mirror: string, source: string, version: string): boolean {
  const provider = join(mirror, REGISTRY, source);
  const name = source.split('/').at(-1);
  return (
    existsSync(join(provider, version, platform())) ||
    existsSync(join(provider, `terraform-provider-${name}_${version}_${platform()}.zip`))
  );
}

/** The platform in Terraform's words, such as linux_amd64. */
const platform = (): string => `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
