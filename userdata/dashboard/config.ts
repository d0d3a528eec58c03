/** What the dashboard's VM is told: `/etc/he300/dashboard.json` for our programs on it, and the variables of the server. */
import { DASHBOARD_BACKUPS, dashboardArtifacts } from '../../constructs/dashboard/prefixes';
import { namesOf } from '../../constructs/naming/names';
import type { Dashboard, Environment } from '../../environments/schema';
import type { VmConfig as Common } from '../vm/config';
import type { Metrics } from '../vm/telling';

export type SingleDashboard = Extract<Dashboard, { readonly tier: 'single' }>;

/** Of the server, on loopback behind Caddy, or on every interface where only the VPC can connect. */
export const DASHBOARD_PORT = 8300;

export const DASHBOARD_PATHS = {
  config: '/etc/he300/dashboard.json',
  variables: '/etc/he300/dashboard.env',
  fetcher: '/opt/he300/fetch-archive.mjs',
  /** Made anew with every version, which is told by its hash. */
  archive: '/opt/he300/dashboard.tar.gz',
  program: '/opt/he300/dashboard/dashboard.mjs',
  vmProgram: '/opt/he300/dashboard/vm.mjs',
  /** Where the volume of the database is mounted. */
  data: '/var/lib/he300-dashboard',
} as const;

/** The file system of the volume, by which it is known again. */
export const DATA_LABEL = 'he300-data';

export interface VmConfig extends Common {
  readonly port: number;
  readonly dataDir: string;
  /** Key prefix in the artifact bucket. */
  readonly backups: string;
  readonly metrics: Metrics;
  /** Where the first administrator's token is put, once. */
  readonly firstTokenParameter: string;
  /** The key that it is encrypted with. */
  readonly keyAlias: string;
}

export interface DashboardVmProps {
  readonly environment: Environment;
  readonly dashboard: SingleDashboard;
  readonly archive: { readonly key: string; readonly sha256: string };
}

export function vmConfig({ environment: env, archive }: DashboardVmProps): VmConfig {
  const names = namesOf(env);
  return {
    homeRegion: env.homeRegion,
    artifactBucket: names.artifactBucket,
    bundle: archive,
    port: DASHBOARD_PORT,
    dataDir: DASHBOARD_PATHS.data,
    backups: DASHBOARD_BACKUPS,
    logGroup: names.logGroups.dashboard,
    metrics: { namespace: METRIC_NAMESPACE, dimension: ['Dashboard', names.dashboard] },
    firstTokenParameter: names.firstTokenParameter,
    keyAlias: names.keyAlias,
  };
}

export const METRIC_NAMESPACE = 'HE300/Dashboard';

/** Of the server's process, wherever it runs; `dashboard/server/config.ts` reads them. */
export function serverVariables(
  env: Environment,
  { publicRead, domain }: Exclude<Dashboard, { tier: 'none' }>,
) {
  return {
    PORT: String(DASHBOARD_PORT),
    HE300_PUBLIC_READ: String(publicRead),
    HE300_ARTIFACTS: dashboardArtifacts(env),
    HE300_RAW_RETENTION_DAYS: String(env.artifacts.rawRetentionDays),
    AWS_REGION: env.homeRegion,
    ...(domain ? { HE300_PUBLIC_URL: `https://${domain}` } : {}),
  };
}

/** As systemd reads them: systemd.exec(5), EnvironmentFile. */
export function vmVariables({ environment: env, dashboard }: DashboardVmProps): string {
  const behindCaddy = dashboard.domain !== undefined;
  const variables = {
    ...serverVariables(env, dashboard),
    HOST: behindCaddy ? '127.0.0.1' : '0.0.0.0',
    HE300_DATA_DIR: DASHBOARD_PATHS.data,
    HE300_TRUST_PROXY: behindCaddy ? '1' : '0',
  };
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
