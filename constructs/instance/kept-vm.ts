import { EbsVolume } from '@cdktf/provider-aws/lib/ebs-volume';
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { Instance } from '@cdktf/provider-aws/lib/instance';
import { NetworkInterface } from '@cdktf/provider-aws/lib/network-interface';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { VolumeAttachment } from '@cdktf/provider-aws/lib/volume-attachment';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment, Image } from '../../environments/schema';
import { encodeForAws } from '../../userdata/encode';
import { ROOT_DISK_GB } from '../dashboard/prices';
import { ownerTags, TAG } from '../naming/tags';
import { hostIngress, type IngressRule } from '../network/host-ingress';
import { HostSecurityGroup } from '../network/host-security-group';
import type { ServicePlacement } from '../network/service-placement';
import { imageId } from './image-id';
import { METADATA_OPTIONS } from './metadata-options';

export interface KeptVmProps {
  readonly environment: Environment;
  readonly provider: AwsProvider;
  readonly placement: ServicePlacement;
  /** Of all that it is made of. */
  readonly name: string;
  /** Of the security group and the address. */
  readonly description: string;
  /** Value of the tag that says what it is for. */
  readonly role: string;
  /** Besides the administrators of the environment. */
  readonly ingress: readonly IngressRule[];
  /** Letter within the home region. */
  readonly zone: string;
  readonly instanceType: string;
  readonly image: Image;
  readonly dataGb: number;
  /** Whether the volume outlives a destroy. */
  readonly protected: boolean;
  readonly instanceProfileName: string;
  readonly userData: string;
  /** What it fetches at its first boot. */
  readonly program: ITerraformDependable;
}

/**
 * One VM, thrown away with every new version; what stays is the volume with the data, and the network interface with both
 * addresses.
 */
export class KeptVm extends Construct {
  readonly instanceId: string;
  readonly publicIp: string;
  readonly privateIp: string;

  constructor(scope: Construct, id: string, props: KeptVmProps) {
    super(scope, id);
    const { environment: env, provider, placement, name, description, zone, instanceType } = props;
    const tags = { ...ownerTags(env), Name: name };
    const { securityGroupId } = new HostSecurityGroup(this, 'security-group', {
      provider,
      vpcId: placement.vpcId,
      name,
      description,
      ingress: [...props.ingress, ...hostIngress({ ...env.network, mode: { kind: 'outbound' } })],
    });
    const address = new NetworkInterface(this, 'address', {
      subnetId: placement.subnetIds.get(zone)!,
      securityGroups: [securityGroupId],
      description,
      tags,
    });
    const elastic = new Eip(this, 'elastic-ip', { domain: 'vpc', networkInterface: address.id, tags });
    const volume = new EbsVolume(this, 'data', {
      availabilityZone: `${env.homeRegion}${zone}`,
      size: props.dataGb,
      type: 'gp3',
      encrypted: true,
      kmsKeyId: placement.keyArn,
      finalSnapshot: props.protected,
      tags,
      lifecycle: { preventDestroy: props.protected },
    });
    const instance = new Instance(this, 'vm', {
      ami: imageId(this, props.image, env.homeRegion, provider),
      instanceType,
      iamInstanceProfile: props.instanceProfileName,
      networkInterface: [{ deviceIndex: 0, networkInterfaceId: address.id }],
      // It fetches both at its first boot: the program, and over the address.
      dependsOn: [props.program, elastic],
      // Without the credit that t3 takes for pay, so that a month costs what `npm run cost` says.
      ...(instanceType.startsWith('t3') ? { creditSpecification: { cpuCredits: 'standard' } } : {}),
      ebsOptimized: true,
      userDataBase64: encodeForAws(props.userData),
      userDataReplaceOnChange: true,
      metadataOptions: METADATA_OPTIONS,
      rootBlockDevice: {
        volumeType: 'gp3',
        volumeSize: ROOT_DISK_GB,
        encrypted: true,
        kmsKeyId: placement.keyArn,
        deleteOnTermination: true,
        tags,
      },
      tags: { ...tags, [TAG.role]: props.role },
    });
    new VolumeAttachment(this, 'data-attachment', {
      deviceName: '/dev/sdf',
      volumeId: volume.id,
      instanceId: instance.id,
      // The server finishes what it was doing, and the volume is unmounted, before it is taken away.
      stopInstanceBeforeDetaching: true,
    });
    this.instanceId = instance.id;
    this.publicIp = elastic.publicIp;
    this.privateIp = address.privateIp;
  }
}
