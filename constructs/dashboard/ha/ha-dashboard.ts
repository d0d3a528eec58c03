import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import type { Dashboard, Environment } from '../../../environments/schema';
import { DASHBOARD_PORT } from '../../../userdata/dashboard/config';
import { Alarms } from '../../alarms/alarms';
import { namesOf } from '../../naming/names';
import type { ServicePlacement } from '../../network/service-placement';
import { LinkedGroup } from '../security-group';
import { Balancer } from './balancer';
import { Database } from './database';
import { haAlarms } from './ha-alarms';
import { Service } from './service';

export type HaSettings = Extract<Dashboard, { readonly tier: 'ha' }>;

export interface HaDashboardProps {
  readonly environment: Environment;
  readonly dashboard: HaSettings;
  readonly provider: AwsProvider;
  readonly placement: ServicePlacement;
}

/** Load balancer, two containers and Postgres in two zones: any one of them may fail, or be replaced, unnoticed. */
export class HaDashboard extends Construct {
  /** DNS name of the load balancer. */
  readonly address: string;

  constructor(scope: Construct, id: string, props: HaDashboardProps) {
    super(scope, id);
    const { environment: env, dashboard, provider, placement } = props;
    const balancer = new Balancer(this, 'balancer', props);
    const { securityGroupId } = new LinkedGroup(this, 'containers-group', {
      provider,
      vpcId: placement.vpcId,
      name: `${namesOf(env).dashboard}-containers`,
      description: 'Containers of the dashboard',
      port: DASHBOARD_PORT,
      from: balancer.securityGroupId,
      reachesOut: true,
    });
    const database = new Database(this, 'database', { ...props, reachedFrom: securityGroupId });
    new Service(this, 'containers', {
      environment: env,
      dashboard,
      placement,
      balancer,
      database,
      securityGroupId,
    });
    new Alarms(this, 'alarms', {
      name: namesOf(env).dashboard,
      keyArn: placement.keyArn,
      email: dashboard.alarmEmail,
      alarms: haAlarms(dashboard, balancer.dimensions, database.identifier),
    });
    this.address = balancer.address;
  }
}
