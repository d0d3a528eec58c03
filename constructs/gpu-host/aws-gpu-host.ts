import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter';
import { Instance } from '@cdktf/provider-aws/lib/instance';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment, Region } from '../../environments/schema';
import { LifetimeGuard } from '../lifetime/lifetime-guard';
import { namesOf } from '../naming/names';
import { GPU_HOST_ROLE, ownerTags, TAG } from '../naming/tags';
import { HostPlacement } from '../network/host-placement';
import { HostSecurityGroup } from '../network/host-security-group';
import { CandidateSelection } from './candidate-selection';

export interface AwsGpuHostProps {
  readonly environment: Environment;
  readonly region: Region;
  readonly provider: AwsProvider;
  readonly selection: CandidateSelection;
  readonly instanceProfileName: string;
  readonly guardRoleArn: string;
  /** User data, gzipped and base64-encoded. */
  readonly userDataBase64: string;
  /** What the host fetches at its first boot, which may come before everything else is there. */
  readonly fetches: ITerraformDependable;
  /**
   * Id of the run that the host continues.
   * @default - a new run
   */
  readonly resumeRunId?: string | undefined;
}

/**
 * The GPU host in one region: one plain `aws_instance` where the chosen candidate is in this region, none elsewhere,
 * with its security group and its lifetime guard. A fleet would hide drift and can succeed with zero hosts.
 */
export class AwsGpuHost extends Construct {
  /** Address of the instance without index. */
  readonly instanceAddress: string;

  constructor(scope: Construct, id: string, props: AwsGpuHostProps) {
    super(scope, id);
    const { environment: env, region, provider, selection } = props;
    const names = namesOf(env);
    const logicalId = `gpu_host_${region.replaceAll('-', '_')}`;
    const count = selection.countIn(region);
    const placement = new HostPlacement(this, 'placement', { environment: env, region, provider });
    const securityGroup = new HostSecurityGroup(this, 'security-group', {
      environment: env,
      provider,
      vpcId: placement.vpcId,
    });
    this.instanceAddress = `aws_instance.${logicalId}`;

    const tags = {
      ...ownerTags(env),
      Name: names.host,
      [TAG.role]: GPU_HOST_ROLE,
      [TAG.timeLimitMinutes]: String(env.run.timeLimitMinutes),
      [TAG.diskGb]: String(env.gpu.diskGb),
      [TAG.candidate]: selection.chosen.key,
      ...(props.resumeRunId ? { [TAG.resumes]: props.resumeRunId } : {}),
    };
    const instance = new Instance(this, 'instance', {
      provider,
      count,
      dependsOn: [props.fetches],
      ami: this.imageId(env, region, provider),
      instanceType: selection.chosen.instanceType,
      subnetId: `\${${placement.subnetIds}[local.candidate.zone]}`,
      vpcSecurityGroupIds: [securityGroup.securityGroupId],
      iamInstanceProfile: props.instanceProfileName,
      instanceInitiatedShutdownBehavior: 'terminate',
      ebsOptimized: true,
      userDataBase64: props.userDataBase64,
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpTokens: 'required',
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: 'disabled',
      },
      // The account's own EBS key: a customer key would need a grant for the service-linked role that launches spot.
      rootBlockDevice: {
        volumeType: 'gp3',
        volumeSize: env.gpu.diskGb,
        encrypted: true,
        deleteOnTermination: true,
        tags: { ...ownerTags(env), Name: names.host },
      },
      tags,
      lifecycle: {
        precondition: CandidateSelection.preconditions,
        ignoreChanges: FIXED_AT_LAUNCH,
      },
    });
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
      count,
      logicalId: `lifetime_guard_${region.replaceAll('-', '_')}`,
    });
  }

  private imageId(env: Environment, region: Region, provider: AwsProvider): string {
    const { image } = env.gpu;
    if (image.kind === 'pinned') return image.imageIds[region]!;
    return new DataAwsSsmParameter(this, 'image', { provider, name: image.parameter }).insecureValue;
  }
}

/**
 * What makes a run the run it is: an image published meanwhile, a new bundle or an edited environment belong to the
 * next run and must not touch the one in flight.
 */
const FIXED_AT_LAUNCH = [
  'ami',
  'user_data',
  'user_data_base64',
  'instance_market_options',
  'root_block_device[0].volume_size',
  ...[TAG.timeLimitMinutes, TAG.diskGb, TAG.candidate, TAG.resumes].flatMap((tag) => [
    `tags["${tag}"]`,
    `tags_all["${tag}"]`,
  ]),
  // The emulator forgets the group when the provider sets the shutdown behaviour (it reads that call as an empty list
  // of groups). What the group lets in is drift that shows all the same: its rules are resources of their own.
  'vpc_security_group_ids',
];
