/** Makes a Debian tree the way this machine gets its own packages: from the mirror and with the settings of its apt. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolMissing, which } from '../../../ops/lib/tool';
import { output, run } from './command';

/** Release of every image, whatever the machine runs: what a boot does must not differ between machines. */
const RELEASE = 'bookworm';

const NO_DEBIAN = ['debian packages', 'the machine has no source of them', 'run this on a Debian'] as const;

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
  let sources = mainSources(apt);
  if (sources.length === 0) {
    // A fresh machine has not yet asked who its sources are.
    spawnSync(apt, ['update', '--quiet']);
    sources = mainSources(apt);
  }
  if (sources.length === 0) throw new ToolMissing(...NO_DEBIAN);
  return sources.map(([uri, suite]) => `deb ${uri} ${suite.replace(/^[a-z]+/, RELEASE)} main\n`).join('');
}

type Source = readonly [uri: string, suite: string, component: string];

function mainSources(apt: string): readonly Source[] {
  const format = '$(REPO_URI) $(CODENAME) $(COMPONENT)';
  return output(apt, ['indextargets', '--format', format, 'Created-By: Packages', 'Origin: Debian'])
    .split('\n')
    .map((line) => line.split(' ') as unknown as Source)
    .filter(([, suite, component]) => component === 'main' && !suite.endsWith('backports'));
}

/** Proxies, and what the machine's mirror cannot promise about dates. */
const aptSettings = (): string =>
  output('apt-config', ['dump', '--format', '%f "%v";%n'])
    .split('\n')
    .filter((line) => /^Acquire::(Check-(Date|Valid-Until)|https?::Proxy) /.test(line))
    .map((line) => `${line}\n`)
    .join('');
