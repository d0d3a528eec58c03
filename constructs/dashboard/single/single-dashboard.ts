import { EbsVolume } from '@cdktf/provider-aws/lib/ebs-volume';
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { Instance } from '@cdktf/provider-aws/lib/instance';
import { NetworkInterface } from '@cdktf/provider-aws/lib/network-interface';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { VolumeAttachment } from '@cdktf/provider-aws/lib/volume-attachment';
import { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';
import { DASHBOARD_PORT, type SingleDashboard as Settings } from '../../../userdata/dashboard/config';
import { dashboardUserData } from '../../../userdata/dashboard/user-data';
import { encodeForAws } from '../../../userdata/encode';
import { Alarms } from '../../alarms/alarms';
import { imageId } from '../../instance/image-id';
import { METADATA_OPTIONS } from '../../instance/metadata-options';
import { namesOf } from '../../naming/names';
import { DASHBOARD_ROLE, ownerTags, TAG } from '../../naming/tags';
import { hostIngress, HostSecurityGroup } from '../../network/host-security-group';
import type { ServicePlacement } from '../../network/service-placement';
import { ROOT_DISK_GB } from '../prices';
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

/**
 * One VM with the server and SQLite. The VM is thrown away with every new version; what stays is the volume with the
 * database, and the network interface with both addresses.
 */
export class SingleDashboard extends Construct {
  readonly instanceId: string;
  readonly publicIp: string;
  readonly privateIp: string;

  constructor(scope: Construct, id: string, props: SingleDashboardProps) {
    super(scope, id);
    const { environment: env, dashboard, provider, placement, archive } = props;
    const { dashboard: name } = namesOf(env);
    const tags = { ...ownerTags(env), Name: name };
    const { securityGroupId } = new HostSecurityGroup(this, 'security-group', {
      provider,
      vpcId: placement.vpcId,
      name,
      description: 'Dashboard of the environment',
      ingress: [
        ...(dashboard.exposure === 'public'
          ? publicIngress()
          : internalIngress(placement.vpcCidr, [DASHBOARD_PORT])),
        ...hostIngress({ ...env.network, mode: { kind: 'outbound' } }),
      ],
    });
    const address = new NetworkInterface(this, 'address', {
      subnetId: placement.subnetIds.get(dashboard.zone)!,
      securityGroups: [securityGroupId],
      description: 'Dashboard of the environment',
      tags,
    });
    const elastic = new Eip(this, 'elastic-ip', { domain: 'vpc', networkInterface: address.id, tags });
    const volume = new EbsVolume(this, 'data', {
      availabilityZone: `${env.homeRegion}${dashboard.zone}`,
      size: dashboard.dataGb,
      type: 'gp3',
      encrypted: true,
      kmsKeyId: placement.keyArn,
      finalSnapshot: dashboard.protected,
      tags,
      lifecycle: { preventDestroy: dashboard.protected },
    });
    const instance = new Instance(this, 'vm', {
      ami: imageId(this, dashboard.image, env.homeRegion, provider),
      instanceType: dashboard.instanceType,
      iamInstanceProfile: new VmRole(this, 'role', { environment: env }).instanceProfileName,
      networkInterface: [{ deviceIndex: 0, networkInterfaceId: address.id }],
      // It fetches both at its first boot: the archive, and over the address.
      dependsOn: [archive.object, elastic],
      // Without the credit that t3 takes for pay, so that a month costs what `npm run cost` says.
      ...(dashboard.instanceType.startsWith('t3') ? { creditSpecification: { cpuCredits: 'standard' } } : {}),
      ebsOptimized: true,
      userDataBase64: encodeForAws(
        dashboardUserData({
          environment: env,
          dashboard,
          archive: { key: archive.key, sha256: archive.sha256 },
        }),
      ),
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
      tags: { ...tags, [TAG.role]: DASHBOARD_ROLE },
    });
    new VolumeAttachment(this, 'data-attachment', {
      deviceName: '/dev/sdf',
      volumeId: volume.id,
      instanceId: instance.id,
      // The server finishes what it was doing, and the volume is unmounted, before it is taken away.
      stopInstanceBeforeDetaching: true,
    });
    new Alarms(this, 'alarms', {
      name,
      keyArn: placement.keyArn,
      email: dashboard.alarmEmail,
      alarms: vmAlarms(env, dashboard, instance.id),
    });
    this.instanceId = instance.id;
    this.publicIp = elastic.publicIp;
    this.privateIp = address.privateIp;
  }
}
