/** The shell script of the dashboard's VM, run at every boot: the volume, Node, Caddy where it is needed, the program. */
import { DOWNLOADS, type Download, type DownloadName } from '../downloads';
import { PATHS } from '../paths';
import { detection, PREAMBLE, section } from '../provision';
import { DASHBOARD_PATHS, DATA_LABEL } from './config';

export const DASHBOARD_USER = 'he300-dashboard';

/** Fixed, so that the files on the volume belong to the same user on the next VM. */
const USER_ID = 830;

export interface DashboardNeeds {
  /** Whether Caddy stands in front. */
  readonly tls: boolean;
}

export const dashboardProvisionScript = ({ tls }: DashboardNeeds): string =>
  [
    PREAMBLE,
    detection,
    USER,
    VOLUME,
    section('What tar and the download need', [
      'lacks curl curl ca-certificates; lacks xz xz-utils',
      'install_packages',
    ]),
    ...(tls ? (['node', 'caddy'] as const) : (['node'] as const)).map(download),
    PROGRAM,
    'say ready\n',
  ].join('\n');

const USER = section('Whom the server runs as', [
  `id ${DASHBOARD_USER} >/dev/null 2>&1 || useradd --system --uid ${USER_ID} --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin ${DASHBOARD_USER}`,
]);

/** Attached some time after the VM was started, under a name that depends on the machine: it is known by its label. */
export const VOLUME = section(
  'The volume of the database: formatted only when it is empty, and never anything else',
  [
    'find_volume() {',
    '  local disk signatures',
    '  volume="" empty=()',
    '  for disk in $(lsblk --noheadings --nodeps --paths --output NAME,TYPE | awk \'$2 == "disk" { print $1 }\'); do',
    '    # One with partitions is the system’s, or somebody’s.',
    '    [ "$(lsblk --noheadings --list --output NAME "$disk" | wc -l)" -eq 1 ] || continue',
    '    signatures=$(wipefs --noheadings --output TYPE,LABEL "$disk") || die "$disk cannot be read"',
    '    case "$signatures" in',
    '      "") empty+=("$disk") ;;',
    `      *" ${DATA_LABEL}") volume=$disk ;;`,
    '    esac',
    '  done',
    '  [ -n "$volume" ] || [ "${#empty[@]}" -gt 0 ]',
    '}',
    `if ! mountpoint --quiet ${DASHBOARD_PATHS.data}; then`,
    '  tries=60',
    '  until find_volume; do',
    '    [ $((tries -= 1)) -gt 0 ] || die "no volume for the data is attached"',
    '    sleep 5',
    '  done',
    '  if [ -z "$volume" ]; then',
    '    [ "${#empty[@]}" -eq 1 ] || die "${empty[*]} are empty; allowed: one volume for the data"',
    '    volume=${empty[0]}',
    '    say "$volume is empty: formatting it"',
    `    mkfs.ext4 -q -L ${DATA_LABEL} "$volume"`,
    '  fi',
    '  e2fsck -p "$volume" >&2 || [ $? -eq 1 ] || die "$volume: its file system is damaged; restore a backup"',
    `  mkdir -p ${DASHBOARD_PATHS.data}`,
    `  mount -o nodev,nosuid,noexec "$volume" ${DASHBOARD_PATHS.data}`,
    '  # It may have been made larger meanwhile.',
    '  resize2fs "$volume" >&2',
    'fi',
    `chown ${DASHBOARD_USER}:${DASHBOARD_USER} ${DASHBOARD_PATHS.data}`,
    `chmod 0700 ${DASHBOARD_PATHS.data}`,
  ],
);

function download(name: DownloadName): string {
  const { version, url, sha256, compression, programs }: Download = DOWNLOADS[name];
  const entries = Object.entries(programs);
  return section(`${name} ${version}`, [
    `if [ ! -x ${PATHS.programs}/${entries[0]![0]} ]; then`,
    `  unpack ${name} ${url} ${sha256} ${compression}`,
    ...entries.map(([program, path]) => `  link ${program} /opt/he300/${name}/${path}`),
    'fi',
  ]);
}

const PROGRAM = section('The dashboard, by its hash', [
  `${PATHS.programs}/node ${DASHBOARD_PATHS.fetcher} ${DASHBOARD_PATHS.config} ${DASHBOARD_PATHS.archive}`,
  'rm -rf /opt/he300/dashboard.new',
  'mkdir -p /opt/he300/dashboard.new',
  `tar --extract --gzip --file ${DASHBOARD_PATHS.archive} --directory /opt/he300/dashboard.new --no-same-owner`,
  'rm -rf /opt/he300/dashboard',
  'mv /opt/he300/dashboard.new /opt/he300/dashboard',
]);
