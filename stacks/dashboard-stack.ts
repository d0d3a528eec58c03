import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { HaDashboard } from '../constructs/dashboard/ha/ha-dashboard';
import { ServicePlacement } from '../constructs/network/service-placement';
import { DashboardArchive } from '../constructs/dashboard/single/dashboard-archive';
import { SingleDashboard } from '../constructs/dashboard/single/single-dashboard';
import { namesOf } from '../constructs/naming/names';
import { LogGroup } from '../constructs/storage/log-group';
import { dashboardZones } from '../environments/regions';
import type { Dashboard, Environment } from '../environments/schema';
import { DASHBOARD_PORT } from '../userdata/dashboard/config';
import { EnvironmentStack } from './environment-stack';

export type DeployedDashboard = Exclude<Dashboard, { readonly tier: 'none' }>;

export interface DashboardStackProps {
  readonly environment: Environment;
  readonly dashboard: DeployedDashboard;
  /** Builds the archive that the VM of the tier `single` runs. */
  readonly archive: () => { readonly path: string; readonly sha256: string };
}

/** `<env>-dashboard`: where results are looked at. Deployed like the platform and after it, by an administrator. */
export class DashboardStack extends EnvironmentStack {
  constructor(scope: Construct, { environment: env, dashboard, archive }: DashboardStackProps) {
    super(scope, `${env.name}-dashboard`, env);
    const provider = this.providers.get(env.homeRegion)!;
    const placement = new ServicePlacement(this, 'placement', {
      environment: env,
      provider,
      zones: dashboardZones(env),
    });
    const logGroup = namesOf(env).logGroups.dashboard;
    new LogGroup(this, 'log', {
      name: logGroup,
      retentionDays: env.artifacts.logRetentionDays,
      keyArn: placement.keyArn,
    });
    const shared = { environment: env, provider, placement };
    if (dashboard.tier === 'ha') {
      const { address } = new HaDashboard(this, 'dashboard', { ...shared, dashboard });
      this.output('url', `${dashboard.domain ? 'https' : 'http'}://${dashboard.domain ?? address}`);
      // Where the domain must lead.
      this.output('address', address);
      return;
    }
    const { instanceId, privateIp, publicIp } = new SingleDashboard(this, 'dashboard', {
      ...shared,
      dashboard,
      archive: new DashboardArchive(this, 'archive', { environment: env, ...archive() }),
    });
    const { domain } = dashboard;
    this.output('url', domain ? `https://${domain}` : `http://${privateIp}:${DASHBOARD_PORT}`);
    this.output('address', domain ? publicIp : privateIp);
    this.output('instance_id', instanceId);
    this.output('first_token_parameter', namesOf(env).firstTokenParameter);
  }

  private output(name: string, value: unknown): void {
    new TerraformOutput(this, `output-${name}`, { value }).overrideLogicalId(name);
  }
}
