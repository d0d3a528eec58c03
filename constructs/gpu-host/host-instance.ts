/** What all hosts of a run have in common: how they are closed, encrypted and tagged, and what of them is fixed at launch. */
import type { InstanceConfig } from '@cdktf/provider-aws/lib/instance';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { ITerraformDependable, TerraformCount } from 'cdktf';
import type { Construct } from 'constructs';
import type { Environment, Image, Region } from '../../environments/schema';
import { imageId } from '../instance/image-id';
import { METADATA_OPTIONS } from '../instance/metadata-options';
import { GPU_HOST_ROLE, ownerTags, TAG } from '../naming/tags';
import { CandidateSelection } from './candidate-selection';

export interface HostInstanceProps {
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

export interface HostShape {
  readonly name: string;
  readonly image: Image;
  readonly instanceType: string;
  readonly diskGb: number;
  readonly count: TerraformCount;
  /** Terraform expression: map of zone letter to subnet id. */
  readonly subnetIds: string;
  readonly securityGroupId: string;
}

/** @param scope of the image's parameter, where it is looked up */
export function hostInstance(scope: Construct, props: HostInstanceProps, shape: HostShape): InstanceConfig {
  const { environment: env, provider, selection } = props;
  return {
    provider,
    count: shape.count,
    dependsOn: [props.fetches],
    ami: imageId(scope, shape.image, props.region, provider),
    instanceType: shape.instanceType,
    subnetId: `\${${shape.subnetIds}[local.candidate.zone]}`,
    vpcSecurityGroupIds: [shape.securityGroupId],
    iamInstanceProfile: props.instanceProfileName,
    instanceInitiatedShutdownBehavior: 'terminate',
    ebsOptimized: true,
    userDataBase64: props.userDataBase64,
    metadataOptions: METADATA_OPTIONS,
    // The account's own EBS key: a customer key would need a grant for the service-linked role that launches spot.
    rootBlockDevice: {
      volumeType: 'gp3',
      volumeSize: shape.diskGb,
      encrypted: true,
      deleteOnTermination: true,
      tags: { ...ownerTags(env), Name: shape.name },
    },
    tags: {
      ...ownerTags(env),
      Name: shape.name,
      [TAG.role]: GPU_HOST_ROLE,
      [TAG.timeLimitMinutes]: String(env.run.timeLimitMinutes),
      [TAG.diskGb]: String(shape.diskGb),
      [TAG.candidate]: selection.chosen.key,
      ...(props.resumeRunId ? { [TAG.resumes]: props.resumeRunId } : {}),
    },
    lifecycle: { precondition: CandidateSelection.preconditions, ignoreChanges: FIXED_AT_LAUNCH },
  };
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
