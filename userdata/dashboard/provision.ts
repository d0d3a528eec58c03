/** The shell script of the dashboard's VM, run at every boot: the volume, Node, Caddy where it is needed, the program. */
import { detection, fetchedDownload, PREAMBLE, section } from '../provision';
import { PATHS } from '../paths';
import { mountedVolume } from '../volume';
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
    OWNER,
    section('What tar and the download need', [
      'lacks curl curl ca-certificates; lacks xz xz-utils',
      'install_packages',
    ]),
    ...(tls ? (['node', 'caddy'] as const) : (['node'] as const)).map(fetchedDownload),
    PROGRAM,
    'say ready\n',
  ].join('\n');

const USER = section('Whom the server runs as', [
  `id ${DASHBOARD_USER} >/dev/null 2>&1 || useradd --system --uid ${USER_ID} --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin ${DASHBOARD_USER}`,
]);

export const VOLUME = mountedVolume({ label: DATA_LABEL, path: DASHBOARD_PATHS.data });

const OWNER = section('Whose the data are', [
  `chown ${DASHBOARD_USER}:${DASHBOARD_USER} ${DASHBOARD_PATHS.data}`,
  `chmod 0700 ${DASHBOARD_PATHS.data}`,
]);

const PROGRAM = section('The dashboard, by its hash', [
  `${PATHS.programs}/node ${DASHBOARD_PATHS.fetcher} ${DASHBOARD_PATHS.config} ${DASHBOARD_PATHS.archive}`,
  'rm -rf /opt/he300/dashboard.new',
  'mkdir -p /opt/he300/dashboard.new',
  `tar --extract --gzip --file ${DASHBOARD_PATHS.archive} --directory /opt/he300/dashboard.new --no-same-owner`,
  'rm -rf /opt/he300/dashboard',
  'mv /opt/he300/dashboard.new /opt/he300/dashboard',
]);
