import { Lb } from '@cdktf/provider-aws/lib/lb';
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener';
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';
import { DASHBOARD_PORT } from '../../../userdata/dashboard/config';
import { namesOf } from '../../naming/names';
import { HostSecurityGroup } from '../../network/host-security-group';
import { HTTP_PORT, HTTPS_PORT } from '../../network/ports';
import type { ServicePlacement } from '../../network/service-placement';
import { internalIngress, publicIngress } from '../security-group';
import type { HaSettings } from './ha-dashboard';

export interface BalancerProps {
  readonly environment: Environment;
  readonly dashboard: HaSettings;
  readonly provider: AwsProvider;
  readonly placement: ServicePlacement;
}

/** The load balancer: TLS ends here, and only containers whose database answers are asked. */
export class Balancer extends Construct {
  readonly securityGroupId: string;
  readonly targetGroupArn: string;
  readonly address: string;
  /** As the metrics name them. */
  readonly dimensions: { readonly LoadBalancer: string; readonly TargetGroup: string };
  /** What the service waits for: a target group that no listener asks takes no tasks. */
  readonly listener: LbListener;

  constructor(scope: Construct, id: string, props: BalancerProps) {
    super(scope, id);
    const { environment: env, dashboard, provider, placement } = props;
    const names = namesOf(env);
    const isPublic = dashboard.exposure === 'public';
    const { certificateArn } = dashboard;
    this.securityGroupId = new HostSecurityGroup(this, 'security-group', {
      provider,
      vpcId: placement.vpcId,
      name: `${names.dashboard}-balancer`,
      description: 'Load balancer of the dashboard',
      ingress: isPublic
        ? publicIngress()
        : internalIngress(placement.vpcCidr, certificateArn ? [HTTPS_PORT, HTTP_PORT] : [HTTP_PORT]),
    }).securityGroupId;
    const balancer = new Lb(this, 'balancer', {
      name: names.dashboardBalancer,
      loadBalancerType: 'application',
      internal: !isPublic,
      securityGroups: [this.securityGroupId],
      subnets: [...placement.subnetIds.values()],
      dropInvalidHeaderFields: true,
      enableDeletionProtection: dashboard.protected,
    });
    const targets = new LbTargetGroup(this, 'targets', {
      name: names.dashboardBalancer,
      port: DASHBOARD_PORT,
      protocol: 'HTTP',
      targetType: 'ip',
      vpcId: placement.vpcId,
      deregistrationDelay: '30',
      healthCheck: {
        path: '/readyz',
        matcher: '200',
        interval: 15,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
    });
    const forward = [{ type: 'forward', targetGroupArn: targets.arn }];
    if (certificateArn) {
      this.listener = new LbListener(this, 'https', {
        loadBalancerArn: balancer.arn,
        port: HTTPS_PORT,
        protocol: 'HTTPS',
        sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        certificateArn,
        defaultAction: forward,
      });
      new LbListener(this, 'http', {
        loadBalancerArn: balancer.arn,
        port: HTTP_PORT,
        protocol: 'HTTP',
        defaultAction: [
          {
            type: 'redirect',
            redirect: { port: String(HTTPS_PORT), protocol: 'HTTPS', statusCode: 'HTTP_301' },
          },
        ],
      });
    } else {
      this.listener = new LbListener(this, 'http', {
        loadBalancerArn: balancer.arn,
        port: HTTP_PORT,
        protocol: 'HTTP',
        defaultAction: forward,
      });
    }
    this.targetGroupArn = targets.arn;
    this.address = balancer.dnsName;
    this.dimensions = { LoadBalancer: balancer.arnSuffix, TargetGroup: targets.arnSuffix };
  }
}
