/** Hosts, states, locks and end markers in the emulator, as a deploy and a run would leave them. */
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { endMarkerKey } from '../../constructs/lifetime/reaper/facts';
import { namesOf } from '../../constructs/naming/names';
import { GPU_HOST_ROLE, ownerTags, TAG } from '../../constructs/naming/tags';
import type { Environment } from '../../environments/schema';

export interface HostOptions {
  readonly region?: string;
  readonly count?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface TestLock {
  readonly who: string;
  readonly created: Date;
}

/** Reads the emulator's address and credentials from the process environment, as the code under test does. */
export class TestAccount {
  readonly s3: S3Client;
  private readonly names;

  constructor(private readonly env: Environment) {
    this.names = namesOf(env);
    this.s3 = new S3Client({ region: env.homeRegion, forcePathStyle: true });
  }

  async bootstrap(): Promise<void> {
    for (const Bucket of [this.names.stateBucket, this.names.artifactBucket])
      await this.s3.send(new CreateBucketCommand({ Bucket }));
  }

  /** Launches hosts with the tags of the environment's own; resolves to their ids. */
  async launch({ region = this.env.homeRegion, count = 1, tags = {} }: HostOptions = {}): Promise<string[]> {
    const all = {
      ...ownerTags(this.env),
      [TAG.role]: GPU_HOST_ROLE,
      [TAG.timeLimitMinutes]: '120',
      [TAG.diskGb]: '200',
      ...tags,
    };
    const { Instances = [] } = await this.ec2(region).send(
      new RunInstancesCommand({
        ImageId: 'ami-12c6146b',
        InstanceType: 'g5.xlarge',
        MinCount: count,
        MaxCount: count,
        TagSpecifications: [
          { ResourceType: 'instance', Tags: Object.entries(all).map(([Key, Value]) => ({ Key, Value })) },
        ],
      }),
    );
    return Instances.map(({ InstanceId }) => InstanceId!);
  }

  async launchOne(options?: HostOptions): Promise<string> {
    return (await this.launch(options))[0]!;
  }

  /** What the cloud says of each host, in the order of the ids. */
  async statesOf(ids: readonly string[], region: string = this.env.homeRegion): Promise<string[]> {
    const { Reservations = [] } = await this.ec2(region).send(
      new DescribeInstancesCommand({ InstanceIds: [...ids] }),
    );
    const states = new Map(
      Reservations.flatMap(({ Instances = [] }) => Instances.map((i) => [i.InstanceId, i.State?.Name ?? ''])),
    );
    return ids.map((id) => states.get(id)!);
  }

  /** Writes a state with these hosts; those not in `unguarded` have their schedule. */
  async putState(hosts: readonly string[], unguarded: readonly string[] = []): Promise<void> {
    const resource = (type: string, instances: readonly object[]) => ({
      mode: 'managed',
      type,
      name: 'x',
      provider: 'aws',
      instances,
    });
    const schedules = hosts
      .filter((id) => !unguarded.includes(id))
      .map((id) => ({ attributes: { target: [{ input: JSON.stringify({ InstanceIds: [id] }) }] } }));
    await this.putStateText(
      JSON.stringify({
        version: 4,
        serial: 1,
        resources: [
          resource(
            'aws_instance',
            hosts.map((id) => ({ attributes: { id } })),
          ),
          resource('aws_scheduler_schedule', schedules),
        ],
      }),
    );
  }

  putStateText(text: string): Promise<void> {
    return this.put(this.names.stateBucket, this.names.stateKey(this.env.name), text);
  }

  putLock({ who, created }: TestLock): Promise<void> {
    const lock = {
      ID: 'c7d811a6',
      Operation: 'OperationTypeApply',
      Info: '',
      Who: who,
      Version: '1.11.4',
      Created: created.toISOString(),
    };
    return this.put(this.names.stateBucket, this.names.lockKey(this.env.name), JSON.stringify(lock));
  }

  putEndMarker(id: string): Promise<void> {
    return this.put(this.names.artifactBucket, endMarkerKey(this.env.name, id), '{"status":"COMPLETED"}');
  }

  private async put(Bucket: string, Key: string, Body: string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  }

  private ec2(region: string): EC2Client {
    return new EC2Client({ region });
  }
}

/** Empties the emulator. */
export async function resetEmulator(endpoint: string): Promise<void> {
  await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
}
