/** The one shell script of a host: it brings what the run needs and the image lacks, each thing checked before it is used. */
import { HOST_PATHS } from '@he300/benchmark/contract';
import { DOWNLOADS, NVIDIA_TOOLKIT, type Download, type DownloadName } from './downloads';
import { PATHS } from './paths';
import { SYSTEMS, type Means, type System } from './systems';

export interface Needs {
  /** Programs of the system's own archive. */
  readonly tools: readonly (keyof typeof TOOLS)[];
  readonly downloads: readonly DownloadName[];
  readonly gpu: boolean;
  readonly containers: boolean;
  /** SHA-256 of the bundle where user data brought it; null where the run fetches it itself. */
  readonly broughtBundleSha256: string | null;
}

/** Package by program. */
const TOOLS = { ip: 'iproute2', nft: 'nftables', wg: 'wireguard-tools' } as const;

export const provisionScript = (needs: Needs): string =>
  [
    PREAMBLE,
    NODE_FITS,
    detection,
    section('What the archive of the system has', [
      ...needs.tools.map((tool) => `lacks ${tool} ${TOOLS[tool]}`),
      ...needs.downloads.map(unpackers),
      ...(needs.gpu ? [unless('nvidia-smi', 'driver')] : []),
      ...(needs.containers ? [unless('docker', 'docker')] : []),
      'install_packages',
    ]),
    ...(needs.gpu ? [GPU] : []),
    ...(needs.containers ? [CONTAINERS] : []),
    ...needs.downloads.map((name) => section(`${name} ${DOWNLOADS[name].version}`, download(name))),
    ...(needs.broughtBundleSha256 === null ? [] : [brought(needs.broughtBundleSha256)]),
    'say ready\n',
  ].join('\n');

/** What every provisioning script begins with: its words, and downloads that are checked. */
export const PREAMBLE = `#!/bin/bash
# Brings what this host needs and its image lacks. Written by userdata/provision.ts.
set -euo pipefail

say() { echo "provision: $*" >&2; }
die() { say "$*"; exit 1; }
has() { command -v "$1" >/dev/null; }
apt() { DEBIAN_FRONTEND=noninteractive apt-get -qy -o DPkg::Lock::Timeout=600 -o Acquire::Retries=5 "$@"; }

packages=()
lacks() { has "$1" || packages+=("\${@:2}"); }
install_packages() {
  [ "\${#packages[@]}" -gt 0 ] || return 0
  # At its first boot the system may be reading the lists itself, and apt waits for other locks only.
  local tries=20
  until apt update; do
    [ $((tries -= 1)) -gt 0 ] || die "the lists of packages cannot be read"
    sleep 15
  done
  apt install --no-install-recommends "\${packages[@]}"
  packages=()
}
download() { # URL SHA256 FILE
  curl -fsSL --proto '=https' --connect-timeout 15 --retry 8 --retry-all-errors -o "$3" "$1"
  echo "$2  $3" | sha256sum --check --status || die "$1: SHA-256 $(sha256sum "$3" | cut -d' ' -f1); allowed: $2"
}
unpack() { # NAME URL SHA256 COMPRESSION
  mkdir -p "/opt/he300/$1"
  download "$2" "$3" "/opt/he300/$1.tar"
  tar --extract "$4" --file "/opt/he300/$1.tar" --directory "/opt/he300/$1" --no-same-owner
  rm "/opt/he300/$1.tar"
}
link() { ln -sfn "$2" "${PATHS.programs}/$1"; }

[ "$(uname -m)" = x86_64 ] || die "$(uname -m); allowed: x86_64"
mkdir -p ${PATHS.programs}
`;

export const detection = section('Which system this is', [
  '# shellcheck source=/dev/null',
  '. /etc/os-release',
  ...SYSTEMS.map(({ id, detect }, i) => `${i === 0 ? 'if' : 'elif'} ${detect}; then system=${id}`),
  `else die "\${PRETTY_NAME:-unknown}; allowed: ${SYSTEMS.map(({ title }) => title).join(', ')}"`,
  'fi',
  'say "$system"',
]);

export function section(title: string, lines: readonly string[]): string {
  return [`# ${title}`, ...lines, ''].join('\n');
}

/** What tar and the download itself need. */
function unpackers(name: DownloadName): string {
  const { compression }: Download = DOWNLOADS[name];
  const unpacker = { '--xz': 'lacks xz xz-utils', '--zstd': 'lacks zstd zstd', '--gzip': '' }[compression];
  const lines = ['lacks curl curl ca-certificates', unpacker].filter(Boolean).join('; ');
  return name === 'node'
    ? `$node_fits || { ${lines}; }`
    : unless(Object.keys(DOWNLOADS[name].programs)[0]!, lines);
}

type Column = 'driver' | 'docker' | 'toolkit';
const isColumn = (what: string): what is Column => ['driver', 'docker', 'toolkit'].includes(what);

/** What to do where a program is not there: shell, or the column of the table of systems. */
const unless = (program: string, what: string): string =>
  `has ${program} || ${isColumn(what) ? bySystem(what) : `{ ${what}; }`}`;

function bySystem(column: Column): string {
  const branches = new Map<string, string[]>();
  for (const system of SYSTEMS) {
    const action = means(system, column);
    branches.set(action, [...(branches.get(action) ?? []), system.id]);
  }
  const lines = [...branches].map(([action, ids]) => `  ${ids.join(' | ')}) ${action} ;;`);
  return ['case "$system" in', ...lines, 'esac'].join('\n');
}

function means(system: System, column: Column): string {
  const found: Means = system[column];
  return 'refused' in found
    ? `die "no ${column}: ${found.refused}"`
    : `packages+=(${found.packages.map((name) => `"${name}"`).join(' ')})`;
}

const GPU = section('The GPU answers, and stays awake between requests', [
  'modprobe nvidia || true',
  'nvidia-smi --list-gpus >&2 || die "no GPU answers"',
  'nvidia-smi --persistence-mode=1 >&2 || true',
]);

const CONTAINERS = section('Containers get the GPU', [
  'has nvidia-ctk || {',
  '  mkdir -p /etc/apt/keyrings',
  `  download ${NVIDIA_TOOLKIT.keyUrl} ${NVIDIA_TOOLKIT.keySha256} /etc/apt/keyrings/nvidia-toolkit.asc`,
  `  echo "deb [signed-by=/etc/apt/keyrings/nvidia-toolkit.asc] ${NVIDIA_TOOLKIT.repository} /" >/etc/apt/sources.list.d/nvidia-toolkit.list`,
  ...bySystem('toolkit')
    .split('\n')
    .map((line) => `  ${line}`),
  '  install_packages',
  '}',
  'nvidia-ctk runtime configure --runtime=docker >&2',
  'systemctl restart docker',
]);

/** A supported one: 20.19 is the oldest that the runner is tested on. */
const NODE_FITS = [
  'node_fits=false',
  'if has node; then',
  '  IFS=. read -r major minor _ <<<"$(node --version)"',
  '  major=${major#v}',
  '  if [ "${major:-0}" -gt 20 ] || { [ "${major:-0}" -eq 20 ] && [ "$minor" -ge 19 ]; }; then node_fits=true; fi',
  'fi',
  '',
].join('\n');

function download(name: DownloadName): string[] {
  const { url, sha256, compression, programs }: Download = DOWNLOADS[name];
  const [first] = Object.keys(programs);
  return [
    `if ${name === 'node' ? '$node_fits' : `has ${first}`}; then`,
    ...Object.keys(programs).map((program) => `  link ${program} "$(command -v ${program})"`),
    'else',
    `  unpack ${name} ${url} ${sha256} ${compression}`,
    ...Object.entries(programs).map(([program, path]) => `  link ${program} /opt/he300/${name}/${path}`),
    'fi',
  ];
}

/** A download on a machine of our own, whose image has none of them: fetched once. */
export function fetchedDownload(name: DownloadName): string {
  const { version, url, sha256, compression, programs }: Download = DOWNLOADS[name];
  const entries = Object.entries(programs);
  return section(`${name} ${version}`, [
    `if [ ! -x ${PATHS.programs}/${entries[0]![0]} ]; then`,
    `  unpack ${name} ${url} ${sha256} ${compression}`,
    ...entries.map(([program, path]) => `  link ${program} /opt/he300/${name}/${path}`),
    'fi',
  ]);
}

const brought = (sha256: string): string =>
  section('The bundle that user data brought', [
    `echo "${sha256}  ${HOST_PATHS.bundle}" | sha256sum --check --status || die "${HOST_PATHS.bundle}: another bundle; allowed: SHA-256 ${sha256}"`,
  ]);
