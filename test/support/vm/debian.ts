/** Makes a Debian tree the way this machine gets its own packages: from the mirror and with the settings of its apt. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolMissing, which } from '../../../ops/lib/tool';
import { output, run } from './command';

/** Release of every image, whatever the machine runs: what a boot does must not differ between machines. */
const RELEASE = 'bookworm';

const NO_DEBIAN = [
  'debian packages',
  'the machine has no source of them',
  'run this on a Debian, after apt-get update',
] as const;

/** Left out while packages are unpacked. */
const EXCLUDED = ['/usr/share/doc/*', '/usr/share/info/*', '/usr/share/locale/*', '/usr/share/man/*'];

/**
 * Unpacks and configures `packages`, with all that they need, in `target`.
 * @throws Error with the last line of mmdebstrap
 */
export function debianTree(mmdebstrap: string, packages: readonly string[], target: string): void {
  const sources = join(target, '../sources.list');
  const settings = join(target, '../apt.conf');
  writeFileSync(sources, sourcesList());
  writeFileSync(settings, aptSettings());
  run(mmdebstrap, [
    '--quiet',
    '--mode=root',
    '--variant=essential',
    '--format=directory',
    `--aptopt=${settings}`,
    ...EXCLUDED.map((path) => `--dpkgopt=path-exclude=${path}`),
    // We bring our own initial RAM disk: the packaged one takes a minute to make and seconds to boot.
    '--dpkgopt=force-confold',
    `--essential-hook=mkdir -p "$1/etc/initramfs-tools" && echo update_initramfs=no > "$1/etc/initramfs-tools/update-initramfs.conf"`,
    `--include=${packages.join(',')}`,
    RELEASE,
    target,
    sources,
  ]);
}

/**
 * Where the machine's apt gets Debian's main packages from, in whatever form its sources are written.
 * @throws ToolMissing where it gets none
 */
export function sourcesList(): string {
  const apt = which('apt-get');
  if (!apt) throw new ToolMissing(...NO_DEBIAN);
  const targets = output(apt, [
    'indextargets',
    '--format',
    '$(REPO_URI) $(CODENAME) $(COMPONENT)',
    'Created-By: Packages',
    'Origin: Debian',
  ]);
  const main = targets
    .split('\n')
    .map((line) => line.split(' ') as [uri: string, codename: string, component: string])
    .filter(([, codename, component]) => component === 'main' && !codename.endsWith('backports'));
  if (main.length === 0) throw new ToolMissing(...NO_DEBIAN);
  return main.map(([uri, codename]) => `deb ${uri} ${codename.replace(/^[a-z]+/, RELEASE)} main\n`).join('');
}

/** Proxies, and what the machine's mirror cannot promise about dates. */
const aptSettings = (): string =>
  output('apt-config', ['dump', '--format', '%f "%v";%n'])
    .split('\n')
    .filter((line) => /^Acquire::(Check-(Date|Valid-Until)|https?::Proxy) /.test(line))
    .map((line) => `${line}\n`)
    .join('');
