/** Questions a test asks of the emulator, not of the state. */
import {
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  TerminateInstancesCommand,
  type Instance,
} from '@aws-sdk/client-ec2';
import { IAMClient, ListInstanceProfilesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  type GetScheduleCommandOutput,
} from '@aws-sdk/client-scheduler';
import { namesOf } from '../../constructs/naming/names';
import { TAG } from '../../constructs/naming/tags';
import { regionsOf } from '../../environments/regions';
import type { Environment } from '../../environments/schema';
import type { Emulator } from '../../ops/lib/emulator';

export class TestCloud {
  private readonly names;

  constructor(
    private readonly env: Environment,
    private readonly emulator: Pick<Emulator, 'endpoint'>,
  ) {
    this.names = namesOf(env);
  }

  ec2(region: string): EC2Client {
    return new EC2Client(this.client(region));
  }

  /** The environment's instances that are not terminated, in every region. */
  async aliveHosts(): Promise<Instance[]> {
    const perRegion = await Promise.all(
      regionsOf(this.env).map(async (region) => {
        const { Reservations = [] } = await this.ec2(region).send(
          new DescribeInstancesCommand({
            Filters: [
              { Name: `tag:${TAG.environment}`, Values: [this.names.prefix] },
              { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
            ],
          }),
        );
        return Reservations.flatMap(({ Instances = [] }) => Instances);
      }),
    );
    return perRegion.flat();
  }

  async onlyHost(): Promise<Instance & { readonly InstanceId: string }> {
    const hosts = await this.aliveHosts();
    if (hosts.length !== 1) throw new Error(`${hosts.length} hosts are alive; wanted: one`);
    return hosts[0] as Instance & { InstanceId: string };
  }

  async attribute(id: string, attribute: 'instanceInitiatedShutdownBehavior' | 'userData', region: string) {
    return this.ec2(region).send(
      new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: attribute }),
    );
  }

  async terminate(id: string, region: string): Promise<void> {
    await this.ec2(region).send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  }

  /** The guard of a host. */
  async guard(instanceId: string, region: string): Promise<GetScheduleCommandOutput> {
    return new SchedulerClient(this.client(region)).send(
      new GetScheduleCommand({
        GroupName: this.names.scheduleGroup,
        Name: `${this.names.guardSchedule}-${instanceId}`,
      }),
    );
  }

  /** Whatever of a run is there, named as a person would: what a destroy must leave empty. */
  async leftovers(): Promise<string[]> {
    const run = new RegExp(`^${this.names.prefix}-(gpu-host|lifetime-guard)`);
    const iam = new IAMClient(this.client('us-east-1'));
    const { Roles = [] } = await iam.send(new ListRolesCommand({}));
    const { InstanceProfiles = [] } = await iam.send(new ListInstanceProfilesCommand({}));
    const global = [
      ...Roles.map((r) => ['role', r.RoleName]),
      ...InstanceProfiles.map((p) => ['instance profile', p.InstanceProfileName]),
    ];
    const regional = await Promise.all(
      regionsOf(this.env).map(async (region) => {
        const { SecurityGroups = [] } = await this.ec2(region).send(new DescribeSecurityGroupsCommand({}));
        const { Schedules = [] } = await new SchedulerClient(this.client(region)).send(
          new ListSchedulesCommand({}),
        );
        return [
          ...SecurityGroups.map((g) => ['security group', g.GroupName]),
          ...Schedules.map((s) => ['schedule', s.Name]),
        ];
      }),
    );
    const named = [...global, ...regional.flat()]
      .filter(([, name]) => run.test(name ?? ''))
      .map(([kind, name]) => `${kind} ${name}`);
    return [...(await this.aliveHosts()).map((h) => `instance ${h.InstanceId}`), ...named];
  }

  async lockIsHeld(stack: string): Promise<boolean> {
    const s3 = new S3Client({ ...this.client(this.env.homeRegion), forcePathStyle: true });
    return s3
      .send(new HeadObjectCommand({ Bucket: this.names.stateBucket, Key: this.names.lockKey(stack) }))
      .then(
        () => true,
        () => false,
      );
  }

  private client(region: string) {
    return {
      region,
      endpoint: this.emulator.endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
  }
}

/** Asks again until the answer is yes; fails after a minute. */
export async function until(
  question: () => Promise<boolean> | boolean,
  what: string,
  pauseMs = 100,
): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await question())) {
    if (Date.now() > deadline) throw new Error(`waited a minute for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
