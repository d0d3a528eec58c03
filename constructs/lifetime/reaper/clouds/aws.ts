import {
  TerminateInstancesCommand,
  paginateDescribeInstances,
  type EC2Client,
  type Instance,
} from '@aws-sdk/client-ec2';
import { GPU_HOST_ROLE, TAG } from '../../../naming/tags';
import { readTags, type Cloud, type Host } from './cloud';

export interface AwsCloudOptions {
  readonly region: string;
  /** Value of the owner tag. */
  readonly environment: string;
  /** A client of that region. */
  readonly client: EC2Client;
}

/** One region of EC2. */
export function awsCloud({ region, environment, client }: AwsCloudOptions): Cloud {
  const filters = [
    { Name: `tag:${TAG.environment}`, Values: [environment] },
    // The environment's other machines, such as the dashboard's, carry its tag too and live long.
    { Name: `tag:${TAG.role}`, Values: [GPU_HOST_ROLE] },
    { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
  ];
  return {
    name: `aws ${region}`,

    async hosts() {
      const hosts: Host[] = [];
      for await (const page of paginateDescribeInstances({ client, pageSize: 100 }, { Filters: filters })) {
        for (const { Instances = [] } of page.Reservations ?? []) {
          for (const instance of Instances)
            if (instance.InstanceId) hosts.push(hostOf(instance.InstanceId, instance));
        }
      }
      return hosts;
    },

    async terminate(id) {
      try {
        await client.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
      } catch (error) {
        if ((error as Error).name !== 'InvalidInstanceID.NotFound') throw error;
      }
    },
  };

  function hostOf(id: string, instance: Instance): Host {
    return {
      id,
      cloud: 'aws',
      region,
      instanceType: instance.InstanceType ?? 'unknown',
      environment,
      state: instance.State?.Name ?? 'unknown',
      launchedAt: firstLaunch(instance),
      usdPerHour: undefined,
      ...readTags(Object.fromEntries((instance.Tags ?? []).map(({ Key, Value }) => [Key, Value]))),
    };
  }
}

/**
 * EC2 moves `LaunchTime` when a host is stopped and started again, so that would renew its limit. The primary network
 * interface and the root disk stay attached meanwhile and still tell the first launch.
 */
export function firstLaunch({
  LaunchTime,
  NetworkInterfaces = [],
  BlockDeviceMappings = [],
}: Instance): Date | undefined {
  const times = [
    LaunchTime,
    ...NetworkInterfaces.map((i) => i.Attachment?.AttachTime),
    ...BlockDeviceMappings.map((d) => d.Ebs?.AttachTime),
  ].filter((time) => time !== undefined);
  return times.length > 0 ? new Date(Math.min(...times.map(Number))) : undefined;
}
