import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';
import { DASHBOARD_PORT, type SingleDashboard as Settings } from '../../../userdata/dashboard/config';
import { dashboardUserData } from '../../../userdata/dashboard/user-data';
import { Alarms } from '../../alarms/alarms';
import { KeptVm } from '../../instance/kept-vm';
import { namesOf } from '../../naming/names';
import { DASHBOARD_ROLE } from '../../naming/tags';
import type { ServicePlacement } from '../../network/service-placement';
import { internalIngress, publicIngress } from '../security-group';
import type { DashboardArchive } from './dashboard-archive';
import { vmAlarms } from './vm-alarms';
import { VmRole } from './vm-role';

export interface SingleDashboardProps {
  readonly environment: Environment;
  readonly dashboard: Settings;
  readonly provider: AwsProvider;
  readonly placement: ServicePlacement;
  readonly archive: DashboardArchive;
}

/** One VM with the server and SQLite. */
export class SingleDashboard extends Construct {
  readonly instanceId: string;
  readonly publicIp: string;
  readonly privateIp: string;

  constructor(scope: Construct, id: string, props: SingleDashboardProps) {
    super(scope, id);
    const { environment: env, dashboard, provider, placement, archive } = props;
    const { dashboard: name } = namesOf(env);
    const { zone, instanceType, image, dataGb } = dashboard;
    // Constructs leave this id out of the names of what is in it.
    const vm = new KeptVm(this, 'Default', {
      ...{ environment: env, provider, placement, name, zone, instanceType, image, dataGb },
      protected: dashboard.protected,
      description: 'Dashboard of the environment',
      role: DASHBOARD_ROLE,
      ingress:
        dashboard.exposure === 'public'
          ? publicIngress()
          : internalIngress(placement.vpcCidr, [DASHBOARD_PORT]),
      instanceProfileName: new VmRole(this, 'role', { environment: env }).instanceProfileName,
      userData: dashboardUserData({
        environment: env,
        dashboard,
        archive: { key: archive.key, sha256: archive.sha256 },
      }),
      program: archive.object,
    });
    new Alarms(this, 'alarms', {
      name,
      keyArn: placement.keyArn,
      email: dashboard.alarmEmail,
      alarms: vmAlarms(env, dashboard, vm.instanceId),
    });
    this.instanceId = vm.instanceId;
    this.publicIp = vm.publicIp;
    this.privateIp = vm.privateIp;
  }
}
