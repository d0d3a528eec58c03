/** The host's own small AWS clients, against the emulator and its metadata service. */
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsClient } from '../../benchmark/src/host/aws/client';
import { credentialsProvider } from '../../benchmark/src/host/aws/credentials';
import { terminateInstance } from '../../benchmark/src/host/aws/ec2';
import { Imds } from '../../benchmark/src/host/aws/imds';
import { S3Bucket } from '../../benchmark/src/host/aws/s3';
import { getParameters } from '../../benchmark/src/host/aws/ssm';
import { Redactor } from '../../benchmark/src/host/log/redactor';
import { withEmulator } from '../support/emulator';
import { imdsDouble, type ImdsDouble } from '../support/imds.double';
import { describeWithTools } from '../support/skip';

const REGION = 'us-east-1';
const BUCKET = 'he300-test-artifacts';
const INSTANCE = 'i-0123456789abcdef0';

describeWithTools(['moto'], 'the host’s AWS clients', () => {
  const emulator = withEmulator();
  let dir: string;
  let imds: ImdsDouble;
  let client: AwsClient;
  let store: S3Bucket;
  const sdk = () => ({
    region: REGION,
    endpoint: emulator.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const s3 = () => new S3Client({ ...sdk(), forcePathStyle: true });

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'he300-aws-'));
    imds = await imdsDouble({ endpoint: emulator.endpoint, instanceId: INSTANCE });
    const credentials = credentialsProvider({}, new Imds(imds.url), new Redactor());
    client = new AwsClient({ credentials, endpoint: emulator.endpoint });
    store = new S3Bucket(client, BUCKET, REGION);
    await s3().send(new CreateBucketCommand({ Bucket: BUCKET }));
  });
  afterAll(async () => {
    await imds.close();
    rmSync(dir, { recursive: true });
  });

  test('the role’s credentials come from the metadata service', async () => {
    const redactor = new Redactor();
    const credentials = await credentialsProvider({}, new Imds(imds.url), redactor)();
    expect(credentials.accessKeyId).toBe('test-key');
    expect(redactor.redact(credentials.sessionToken!.reveal())).toBe('[secret]');
  });

  test('no notice of an interruption is not an error, and a notice is read', async () => {
    expect(await new Imds(imds.url).spotAction()).toBeUndefined();
    imds.interrupt();
    expect(await new Imds(imds.url).spotAction()).toMatchObject({ action: 'terminate' });
  });

  test('an object is kept as AWS’s own client reads it, and read as that writes it', async () => {
    const key = 'runs/dev-i-1/segments/0/0 ä+&%.jsonl';
    await store.put(key, '{"a":"ü"}\n', 'application/jsonl');
    const { Body, ContentType } = await s3().send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    expect([await Body!.transformToString(), ContentType]).toEqual(['{"a":"ü"}\n', 'application/jsonl']);
    expect((await store.get(key))!.toString()).toBe('{"a":"ü"}\n');
    expect(await store.list('runs/dev-i-1/')).toEqual([key]);
  });

  test('what is not there is undefined, but a bucket that is not there is an error', async () => {
    expect(await store.get('runs/nothing')).toBeUndefined();
    expect(await store.list('runs/nothing/')).toEqual([]);
    await expect(new S3Bucket(client, 'no-such-bucket', REGION).get('a')).rejects.toThrow(
      's3: no bucket no-such-bucket',
    );
    await expect(new S3Bucket(client, 'no-such-bucket', REGION).put('a', '', 'text/plain')).rejects.toThrow(
      /^s3: PUT .*\/no-such-bucket\/a: HTTP 404 NoSuchBucket$/,
    );
  });

  test('of two who claim the same name one has it', async () => {
    const claims = await Promise.all(
      ['a', 'b', 'c'].map((body) => store.putNew('runs/claim', body, 'text/plain')),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(['a', 'b', 'c'][claims.indexOf(true)]).toBe((await store.get('runs/claim'))!.toString());
  });

  test('a list longer than a page is whole and in order', async () => {
    const keys = Array.from({ length: 7 }, (_, i) => `many/${String(i).padStart(5, '0')}`);
    for (const key of keys.toReversed()) await store.put(key, '', 'text/plain');
    expect(await store.list('many/', 3)).toEqual(keys);
  });

  test('a download is checked by its hash, and a wrong one leaves no file', async () => {
    const bytes = Buffer.alloc(300_000, 'model');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await store.put('models/a.gguf', bytes, 'application/octet-stream');
    await store.download('models/a.gguf', sha256, join(dir, 'a.gguf'));
    expect(readFileSync(join(dir, 'a.gguf')).equals(bytes)).toBe(true);
    await expect(store.download('models/a.gguf', 'b'.repeat(64), join(dir, 'b.gguf'))).rejects.toThrow(
      `bucket: models/a.gguf has SHA-256 ${sha256}; allowed: ${'b'.repeat(64)}`,
    );
    await expect(store.download('models/c.gguf', sha256, join(dir, 'c.gguf'))).rejects.toThrow(
      `bucket: no models/c.gguf in ${BUCKET}; publish it first`,
    );
    expect(['b.gguf', 'b.gguf.part', 'c.gguf', 'c.gguf.part'].map((f) => existsSync(join(dir, f)))).toEqual([
      ...[false, false, false, false],
    ]);
  });

  test('parameters are decrypted, and those that do not exist are left out', async () => {
    const ssm = new SSMClient(sdk());
    const names = Array.from({ length: 12 }, (_, i) => `/he300/test/host/p${i}`);
    for (const Name of names.slice(1))
      await ssm.send(new PutParameterCommand({ Name, Value: `value of ${Name}`, Type: 'SecureString' }));
    const values = await getParameters(client, REGION, names);
    expect(Object.fromEntries(values)).toEqual(
      Object.fromEntries(names.slice(1).map((name) => [name, `value of ${name}`])),
    );
  });

  test('the emulator, when it checks signatures, finds them right and a wrong key wrong', async () => {
    const iam = new IAMClient(sdk());
    await iam.send(new CreateUserCommand({ UserName: 'host' }));
    const Action = ['s3:*', 'ssm:*'];
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
    });
    await iam.send(new PutUserPolicyCommand({ UserName: 'host', PolicyName: 'all', PolicyDocument }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'host' }));
    const authenticate = (afterCalls: string) =>
      fetch(`${emulator.endpoint}/moto-api/reset-auth`, { method: 'POST', body: afterCalls });
    await authenticate('0');
    try {
      const as = (key: string) =>
        new AwsClient({
          endpoint: emulator.endpoint,
          credentials: credentialsProvider(
            { AWS_ACCESS_KEY_ID: AccessKey!.AccessKeyId, AWS_SECRET_ACCESS_KEY: key },
            new Imds(imds.url),
            new Redactor(),
          ),
        });
      const mine = new S3Bucket(as(AccessKey!.SecretAccessKey!), BUCKET, REGION);
      await mine.put('runs/signed', 'x', 'text/plain');
      expect((await mine.get('runs/signed'))!.toString()).toBe('x');
      // The emulator decodes a slash in a query before it checks.
      expect(await mine.list('runs')).toContain('runs/signed');
      await expect(getParameters(as(AccessKey!.SecretAccessKey!), REGION, ['/a'])).resolves.toEqual(
        new Map(),
      );
      await expect(
        new S3Bucket(as('wrong'), BUCKET, REGION).put('runs/signed', 'y', 'text/plain'),
      ).rejects.toThrow(/ HTTP 403 SignatureDoesNotMatch$/);
    } finally {
      await authenticate('1000000000');
    }
  });

  test('a host ends itself, and only an instance that there is', async () => {
    const ec2 = new EC2Client(sdk());
    const { Instances } = await ec2.send(
      new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 }),
    );
    const id = Instances![0]!.InstanceId!;
    await terminateInstance(client, REGION, id);
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    expect(Reservations![0]!.Instances![0]!.State!.Name).toBe('terminated');
    await expect(terminateInstance(client, REGION, 'i-00000000000000000')).rejects.toThrow(
      /^ec2: POST .*: HTTP 400 InvalidInstanceID\.NotFound$/,
    );
  });
});
