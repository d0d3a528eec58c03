import { Instance } from '@cdktf/provider-aws/lib/instance';
import type { TerraformCount } from 'cdktf';
import { Construct } from 'constructs';
import { LifetimeGuard } from '../lifetime/lifetime-guard';
import { namesOf } from '../naming/names';
import { HostPlacement } from '../network/host-placement';
import { hostIngress } from '../network/host-ingress';
import { HostSecurityGroup } from '../network/host-security-group';
import { hostInstance, type HostInstanceProps } from './host-instance';

/**
 * The GPU host in one region: one plain `aws_instance` where the chosen candidate is in this region, none elsewhere,
 * with its security group and its lifetime guard. A fleet would hide drift and can succeed with zero hosts.
 */
export class AwsGpuHost extends Construct {
  /** Address of the instance without index. */
  readonly instanceAddress: string;
  readonly placement: HostPlacement;
  readonly count: TerraformCount;

  constructor(scope: Construct, id: string, props: HostInstanceProps) {
    super(scope, id);
    const { environment: env, region, provider, selection } = props;
    const names = namesOf(env);
    const logicalId = `gpu_host_${region.replaceAll('-', '_')}`;
    this.count = selection.countIn(region);
    this.placement = new HostPlacement(this, 'placement', { environment: env, region, provider });
    const { vpcId, subnetIds } = this.placement;
    const { securityGroupId } = new HostSecurityGroup(this, 'security-group', {
      provider,
      vpcId,
      name: names.hostSecurityGroup,
      description: 'GPU host of one HE-300 run',
      ingress: hostIngress(env.network),
    });
    this.instanceAddress = `aws_instance.${logicalId}`;

    const instance = new Instance(
      this,
      'instance',
      hostInstance(this, props, {
        name: names.host,
        image: env.gpu.image,
        instanceType: selection.chosen.instanceType,
        diskGb: env.gpu.diskGb,
        count: this.count,
        subnetIds,
        securityGroupId,
      }),
    );
    instance.overrideLogicalId(logicalId);
    instance.addOverride('dynamic.instance_market_options', {
      for_each: '${local.candidate.market == "spot" ? [1] : []}',
      content: {
        market_type: 'spot',
        spot_options: { instance_interruption_behavior: 'terminate', spot_instance_type: 'one-time' },
      },
    });
    new LifetimeGuard(this, 'guard', {
      environment: env,
      provider,
      roleArn: props.guardRoleArn,
      instanceAddress: this.instanceAddress,
      count: this.count,
      logicalId: `lifetime_guard_${region.replaceAll('-', '_')}`,
    });
  }
}
