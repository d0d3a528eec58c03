/** An environment that real Terraform deploys into the emulator, and the hosts that are booted from what then stands there. */
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { namesOf, runIdOf, type Names } from '../../../constructs/naming/names';
import type { EnvironmentInput } from '../../../environments';
import { checkEnvironment } from '../../../environments/check';
import type { Environment } from '../../../environments/schema';
import type { Emulator } from '../../../ops/lib/emulator';
import { TestCloud } from '../cloud';
import { imdsDouble, type ImdsDouble } from '../imds.double';
import { expectSuccess, Workspace } from '../workspace';
import { fromVm, type Vm } from './boot';
import type { Boot } from './suite';

const LOOK_MS = 200;
const APP = join(__dirname, 'main.ts');

export interface DeployedHost {
  readonly instanceId: string;
  /** Of the run that it begins, unless it continues another. */
  readonly runId: string;
  /** As the emulated EC2 stores it. */
  readonly userData: Buffer;
}

export interface BootedHost extends DeployedHost {
  readonly vm: Vm;
  readonly metadata: ImdsDouble;
}

export interface Surroundings {
  /** Of AWS, as this machine sees it. @default - the emulator's */
  readonly endpoint?: string;
  /** As the metadata service tells it. @default - now */
  readonly launchedAt?: Date;
}

export class Deployment {
  readonly environment: Environment;
  readonly names: Names;
  readonly workspace: Workspace;
  readonly cloud: TestCloud;
  private readonly metadata: ImdsDouble[] = [];

  constructor(
    input: EnvironmentInput,
    private readonly emulator: Pick<Emulator, 'endpoint' | 'env'>,
  ) {
    this.environment = checkEnvironment('the test', input);
    this.names = namesOf(this.environment);
    this.cloud = new TestCloud(this.environment, emulator);
    this.workspace = new Workspace(() => ({ ...emulator.env, HE300_TEST_ENVIRONMENT: file }), APP);
    const file = join(this.workspace.path, 'environment.json');
    writeFileSync(file, JSON.stringify(input));
  }

  /** Everything that outlives a run, and the secrets that hosts read. @param secrets by the names of `HOST_SECRETS` */
  async platform(secrets: Readonly<Record<string, string>>): Promise<void> {
    expectSuccess(await this.workspace.deploy([`${this.environment.name}-platform`]));
    const ssm = new SSMClient(this.client());
    for (const [name, Value] of Object.entries(secrets)) {
      const Name = `${this.names.parameterPath}/host/${name}`;
      await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }));
    }
  }

  /** One deploy, which launches the next run's host. @param resumeRunId the run that it continues */
  async launch(resumeRunId?: string): Promise<DeployedHost> {
    const env = resumeRunId === undefined ? {} : { HE300_RESUME: resumeRunId };
    expectSuccess(await this.workspace.deploy([this.environment.name], env));
    const { InstanceId } = await this.cloud.onlyHost();
    const { UserData } = await this.cloud.attribute(InstanceId, 'userData', this.environment.homeRegion);
    const userData = Buffer.from(UserData!.Value!, 'base64');
    return { instanceId: InstanceId, runId: runIdOf(this.environment, InstanceId), userData };
  }

  /** Boots what was launched. */
  async boot(boot: Boot, host: DeployedHost, surroundings: Surroundings = {}): Promise<BootedHost> {
    const { endpoint = this.emulator.endpoint, launchedAt = new Date() } = surroundings;
    const { instanceId, userData } = host;
    const region = this.environment.homeRegion;
    const metadata = await imdsDouble({ endpoint: this.emulator.endpoint, instanceId, region, launchedAt });
    this.metadata.push(metadata);
    const vm = boot({
      ...{ instanceId, userData },
      environment: {
        AWS_ENDPOINT_URL: fromVm(endpoint),
        AWS_EC2_METADATA_SERVICE_ENDPOINT: fromVm(metadata.url),
      },
    });
    return { ...host, vm, metadata };
  }

  /** What the cloud says of the instance, such as `terminated`. */
  async stateOf({ instanceId }: DeployedHost): Promise<string | undefined> {
    const ec2 = this.cloud.ec2(this.environment.homeRegion);
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
    return Reservations[0]?.Instances?.[0]?.State?.Name;
  }

  /** Keys in the artifact bucket that begin so, in order. */
  async keys(prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.s3().send(
      new ListObjectsV2Command({ Bucket: this.names.artifactBucket, Prefix: prefix }),
    );
    return Contents.map(({ Key }) => Key!).sort();
  }

  /** Undefined when there is no such object. */
  async object(key: string): Promise<Buffer | undefined> {
    const get = new GetObjectCommand({ Bucket: this.names.artifactBucket, Key: key });
    try {
      const { Body } = await this.s3().send(get);
      return Buffer.from(await Body!.transformToByteArray());
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  /** Every object of the bucket, one after the other. */
  async everything(): Promise<string> {
    const objects = (await this.keys('')).map(async (key) => (await this.object(key))!.toString('latin1'));
    return (await Promise.all(objects)).join('\n');
  }

  /** A field of an object that the host writes at its own time. @throws Error when the host goes off before */
  async published(key: string, field: string, { off, console }: Vm): Promise<string> {
    let isOff = false;
    const ended = off.finally(() => (isOff = true)).catch(() => undefined);
    for (;;) {
      const object = await this.object(key);
      if (object) return (JSON.parse(object.toString()) as Record<string, string>)[field]!;
      if (isOff) throw new Error(`the host went off and wrote no ${key}:\n${console.tail()}`);
      await Promise.race([ended, delay(LOOK_MS)]);
    }
  }

  async putObject(key: string, body: string | Buffer): Promise<void> {
    const put = new PutObjectCommand({ Bucket: this.names.artifactBucket, Key: key, Body: body });
    await this.s3().send(put);
  }

  /** Everything that Terraform was given and wrote down: synthesized JSON and states. */
  terraformTexts(): readonly string[] {
    const stacks = [`${this.environment.name}-platform`, this.environment.name];
    return stacks.flatMap((stack) => [
      readFileSync(join(this.workspace.stack(stack), 'cdk.tf.json'), 'utf8'),
      readFileSync(join(this.workspace.path, '.he300/state', this.names.stateKey(stack)), 'utf8'),
    ]);
  }

  async remove(): Promise<void> {
    for (const service of this.metadata) await service.close();
    this.workspace.remove();
  }

  private s3(): S3Client {
    return new S3Client({ ...this.client(), forcePathStyle: true });
  }

  private client() {
    return {
      region: this.environment.homeRegion,
      endpoint: this.emulator.endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
  }
}
