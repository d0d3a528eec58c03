/** Everything around a host, as far as its supervisor sees it: an emulated cloud, its metadata service, a dashboard. */
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { exampleHostConfig } from '../../benchmark/src/contract/examples';
import { HOST_SECRETS, type HostConfig } from '../../benchmark/src/contract/host-config';
import { bucketOf } from '../../benchmark/src/host/aws/bucket-of';
import type { Store } from '../../benchmark/src/host/aws/s3';
import type { Emulator } from '../../ops/lib/emulator';
import { imdsDouble, type ImdsDouble, type ImdsRole } from './imds.double';
import { receiverDouble, type ReceiverDouble, type ReceiverOptions } from './receiver.double';
import { canaries } from './vm/secrets';

export const REGION = 'us-east-1';
const BUCKET = 'he300-test-artifacts';
const PARAMETERS = '/he300/test/host';
/** What the emulator's metadata service gives as the role's credentials. */
const ROLE_SECRETS = ['test-secret-key', 'test-session-token'];

export interface Instance {
  readonly id: string;
  readonly imds: ImdsDouble;
}

export class HostWorld {
  readonly secrets = canaries();
  readonly bucket = BUCKET;
  readonly store: Store;
  private readonly closers: (() => Promise<void>)[] = [];

  private constructor(private readonly emulator: Pick<Emulator, 'endpoint' | 'env'>) {
    this.store = bucketOf(BUCKET, REGION, emulator.env);
  }

  /** A bucket and the host's secrets. */
  static async make(emulator: Pick<Emulator, 'endpoint' | 'env'>): Promise<HostWorld> {
    const world = new HostWorld(emulator);
    const { webhookKey, dashboardToken, modelApiKey } = world.secrets;
    await new S3Client({ ...world.sdk, forcePathStyle: true }).send(
      new CreateBucketCommand({ Bucket: BUCKET }),
    );
    const values = { webhookKey, dashboardToken, modelApiKey } as const;
    const ssm = new SSMClient(world.sdk);
    for (const [name, Value] of Object.entries(values)) {
      const Name = `${PARAMETERS}/${HOST_SECRETS[name as keyof typeof values]}`;
      await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' }));
    }
    return world;
  }

  /** An instance that runs in the emulated EC2, and knows itself. */
  async instance(publicAddress?: string, role?: ImdsRole): Promise<Instance> {
    const run = new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 });
    const { Instances } = await new EC2Client(this.sdk).send(run);
    const id = Instances![0]!.InstanceId!;
    const imds = await imdsDouble({
      ...{ endpoint: this.emulator.endpoint, instanceId: id },
      ...(publicAddress === undefined ? {} : { publicAddress }),
      ...(role === undefined ? {} : { role }),
    });
    this.closers.push(imds.close);
    return { id, imds };
  }

  async stateOf({ id }: Instance): Promise<string> {
    const { Reservations } = await new EC2Client(this.sdk).send(
      new DescribeInstancesCommand({ InstanceIds: [id] }),
    );
    return Reservations![0]!.Instances![0]!.State!.Name!;
  }

  async dashboard(options: Partial<ReceiverOptions> = {}): Promise<ReceiverDouble> {
    const { webhookKey, dashboardToken } = this.secrets;
    const receiver = await receiverDouble({ webhookKey, dashboardToken, ...options });
    this.closers.push(receiver.close);
    return receiver;
  }

  /** Called when the world ends. */
  later(close: () => Promise<void>): void {
    this.closers.push(close);
  }

  /** What a host is told: the starter pack at concurrency 4, on a model server that it can start again. */
  config(more: Partial<HostConfig>, models: readonly string[] = ['double']): HostConfig {
    return {
      ...exampleHostConfig,
      environment: 'test',
      run: {
        models: models.map((name) => ({ name, weights: null })),
        ...{ spec: 'starter', seed: 42, dataset: null, concurrency: 4 },
      },
      artifactBucket: BUCKET,
      secrets: { kind: 'ssm', parameterPath: PARAMETERS },
      network: { kind: 'outbound' },
      modelServer: { kind: 'vllm', slots: 4, contextTokens: 2048 },
      gpuProfile: null,
      prices: [{ instanceType: 'g5.xlarge', usdPerHour: 1.2 }],
      ...more,
    };
  }

  /** Every secret that there is in this world, where it stands in the text. */
  secretsIn(text: string): string[] {
    return [...this.secrets.foundIn(text), ...ROLE_SECRETS.filter((secret) => text.includes(secret))];
  }

  /** Every object of a run's or a host's prefix, as one text, each after its key. */
  async kept(runId: string): Promise<string> {
    const keys = await this.store.list(`runs/${runId}/`);
    const bodies = await Promise.all(keys.map((key) => this.store.get(key)));
    return keys.map((key, i) => `${key}\n${bodies[i]!.toString('latin1')}\n`).join('');
  }

  /** What a program needs in its environment to be in this world, without credentials of its own. */
  env(instance: Instance, endpoint: string = this.emulator.endpoint): NodeJS.ProcessEnv {
    return { AWS_ENDPOINT_URL: endpoint, AWS_EC2_METADATA_SERVICE_ENDPOINT: instance.imds.url };
  }

  async end(): Promise<void> {
    for (const close of this.closers.splice(0)) await close();
  }

  private get sdk() {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    return { region: REGION, endpoint: this.emulator.endpoint, credentials };
  }
}
