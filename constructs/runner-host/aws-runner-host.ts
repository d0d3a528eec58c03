import { Instance } from '@cdktf/provider-aws/lib/instance';
import { DataResource } from 'cdktf';
import { Construct } from 'constructs';
import type { RunnerHost } from '../../environments/runner-host';
import type { AwsGpuHost } from '../gpu-host/aws-gpu-host';
import { hostInstance, type HostInstanceProps } from '../gpu-host/host-instance';
import { LifetimeGuard } from '../lifetime/lifetime-guard';
import { namesOf } from '../naming/names';
import { hostIngress } from '../network/host-ingress';
import { HostSecurityGroup } from '../network/host-security-group';

export interface AwsRunnerHostProps extends HostInstanceProps {
  readonly runner: RunnerHost;
  /** The host of the same region that it drives. */
  readonly gpuHost: AwsGpuHost;
}

/**
 * The runner's own host in the `remote` topology: on demand, beside the GPU host, with the same tags, guard and limit.
 * It dials the GPU host, so nothing comes in. Each GPU host gets a runner of its own.
 */
export class AwsRunnerHost extends Construct {
  /** Address of the instance without index. */
  readonly instanceAddress: string;

  constructor(scope: Construct, id: string, props: AwsRunnerHostProps) {
    super(scope, id);
    const { environment: env, region, provider, runner, gpuHost } = props;
    const { count } = gpuHost;
    const { vpcId, subnetIds } = gpuHost.placement;
    const names = namesOf(env);
    const suffix = region.replaceAll('-', '_');
    const { securityGroupId } = new HostSecurityGroup(this, 'security-group', {
      provider,
      vpcId,
      name: names.runnerSecurityGroup,
      description: 'Runner of one HE-300 run',
      ingress: hostIngress({ ...env.network, mode: { kind: 'outbound' } }),
    });
    this.instanceAddress = `aws_instance.runner_host_${suffix}`;

    // `replace_triggered_by` fires when something is replaced, and a GPU host that ended itself is created. This remembers
    // the host's id, so that another one replaces it.
    const pair = new DataResource(this, 'runs-with', {
      count,
      triggersReplace: { gpu_host: `\${${gpuHost.instanceAddress}[count.index].id}` },
    });
    pair.overrideLogicalId(`runs_with_${suffix}`);
    const { lifecycle, ...shared } = hostInstance(this, props, {
      name: names.runnerHost,
      image: runner.image,
      instanceType: runner.instanceType,
      diskGb: runner.diskGb,
      count,
      subnetIds,
      securityGroupId,
    });
    new Instance(this, 'instance', {
      ...shared,
      lifecycle: { ...lifecycle, replaceTriggeredBy: [`terraform_data.runs_with_${suffix}[count.index]`] },
    }).overrideLogicalId(`runner_host_${suffix}`);
    new LifetimeGuard(this, 'guard', {
      environment: env,
      provider,
      roleArn: props.guardRoleArn,
      instanceAddress: this.instanceAddress,
      count,
      logicalId: `lifetime_guard_runner_${suffix}`,
    });
  }
}
