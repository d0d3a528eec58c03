/** User data of the dashboard's VM, in each way that it can be made. */
import { dashboardUserData } from '../../userdata/dashboard/user-data';
import type { DashboardVmProps } from '../../userdata/dashboard/config';
import { devWithDashboard, singleDashboard } from './dashboards';

const archive = { key: `bundles/${'da'.repeat(32)}.tar.gz`, sha256: 'da'.repeat(32) };
const of = (dashboard: DashboardVmProps['dashboard']): DashboardVmProps => ({
  environment: devWithDashboard(dashboard),
  dashboard,
  archive,
});

export const DASHBOARD_VMS = {
  internal: of(singleDashboard()),
  public: of(
    singleDashboard({
      exposure: 'public',
      domain: 'dash.example.org',
      publicRead: false,
      backupEveryHours: 6,
    }),
  ),
} as const satisfies Record<string, DashboardVmProps>;

/** For `test.each`: variant, user data. */
export const dashboardVms = Object.entries(DASHBOARD_VMS).map(
  ([name, props]) => [`dashboard, ${name}`, dashboardUserData(props)] as const,
);
