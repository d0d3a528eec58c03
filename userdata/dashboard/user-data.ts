/** What the dashboard's VM is told to do at its first boot. */
import { renderCloudConfig, type WrittenFile } from '../cloud-config';
import { siteCaddyfile } from '../caddyfile';
import { archiveFetcherProgram } from '../fetch-bundle/package';
import { PATHS } from '../paths';
import { renderUnit, UNIT_DIRECTORY } from '../unit';
import { startedUnits } from '../units';
import { FILES_WRITTEN, NO_RELOAD } from '../user-data';
import { DASHBOARD_PATHS, DASHBOARD_PORT, vmConfig, vmVariables, type DashboardVmProps } from './config';
import { dashboardProvisionScript } from './provision';
import { dashboardUnits } from './units';

/** The cloud-config of the VM. Nothing in it is secret. */
export function dashboardUserData(props: DashboardVmProps): string {
  const { domain } = props.dashboard;
  const units = dashboardUnits(props.dashboard);
  const files: readonly WrittenFile[] = [
    { path: DASHBOARD_PATHS.config, content: JSON.stringify(vmConfig(props)) },
    { path: DASHBOARD_PATHS.variables, content: vmVariables(props) },
    {
      path: PATHS.provision,
      permissions: '0755',
      content: dashboardProvisionScript({ tls: domain !== undefined }),
    },
    { path: DASHBOARD_PATHS.fetcher, content: archiveFetcherProgram() },
    ...(domain ? [{ path: PATHS.caddyfile, content: siteCaddyfile({ domain, port: DASHBOARD_PORT }) }] : []),
    ...units.map((unit) => ({ path: `${UNIT_DIRECTORY}/${unit.name}`, content: renderUnit(unit) })),
  ];
  return renderCloudConfig({
    bootcmd: [
      [
        ...(['systemd-run', '--no-block', '--unit=he300-begin'] as const),
        `--property=After=${FILES_WRITTEN}`,
        ...['systemctl', 'enable', '--now', '--no-block', NO_RELOAD, ...startedUnits(units)],
      ],
    ],
    write_files: files,
  });
}
