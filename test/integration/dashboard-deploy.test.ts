/** The dashboard's stack in both tiers, with real Terraform and the real AWS provider, against the emulator. */
import { DescribeAddressesCommand, DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AwsClient } from 'aws4fetch';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { namesOf } from '../../constructs/naming/names';
import { DASHBOARD_ROLE, TAG } from '../../constructs/naming/tags';
import { loadEnvironment } from '../../environments';
import { AWS_LIMIT_BYTES } from '../../userdata/encode';
import { TestCloud } from '../support/cloud';
import { withEmulator } from '../support/emulator';
import { describeWithTools } from '../support/skip';
import { expectSuccess, Workspace } from '../support/workspace';

const env = loadEnvironment('dev');
const names = namesOf(env);
const HOME = env.homeRegion;
const CLEAN = 'No changes. Your infrastructure matches the configuration';
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

jest.setTimeout(600_000);

describeWithTools(['terraform', 'moto'], 'dev-dashboard, one VM', () => {
  const emulator = withEmulator();
  const workspace = new Workspace(() => emulator.env);
  const cloud = new TestCloud(env, emulator);
  afterAll(() => workspace.remove());
  const client = () => ({ region: HOME, endpoint: emulator.endpoint, credentials: CREDENTIALS });
  const volumes = async () =>
    (await new EC2Client(client()).send(new DescribeVolumesCommand({}))).Volumes!.filter(
      ({ Size }) => env.dashboard.tier === 'single' && Size === env.dashboard.dataGb,
    );

  test('without the platform, a deploy says what to deploy first', async () => {
    expectSuccess(await workspace.ops('bootstrap', ['dev']));
    const { code, text } = await workspace.deploy(['dev-dashboard']);
    expect(code).not.toBe(0);
    expect(text.replace(/\s*│\s*/g, ' ')).toContain('dev-platform is not deployed in us-east-1');
    expect(await cloud.aliveHosts()).toEqual([]);
  });

  test('with it, one VM comes up, closed and encrypted, its data on a volume of its own', async () => {
    expectSuccess(await workspace.deploy(['dev-platform']));
    expectSuccess(await workspace.deploy(['dev-dashboard']));
    const vm = await cloud.onlyHost();
    expect(vm).toMatchObject({
      InstanceType: 't3.small',
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      Placement: { AvailabilityZone: 'us-east-1a' },
    });
    expect(vm.Tags).toContainEqual({ Key: TAG.role, Value: DASHBOARD_ROLE });
    const [data, ...more] = await volumes();
    expect(more).toEqual([]);
    expect(data).toMatchObject({ Encrypted: true, VolumeType: 'gp3' });
    expect(data!.Attachments).toEqual([expect.objectContaining({ InstanceId: vm.InstanceId })]);
    const { Addresses } = await new EC2Client(client()).send(new DescribeAddressesCommand({}));
    expect(Addresses).toHaveLength(1);
  });

  test('its user data is small, and names an archive that is there', async () => {
    const { InstanceId } = await cloud.onlyHost();
    const { UserData } = await cloud.attribute(InstanceId, 'userData', HOME);
    const bytes = Buffer.from(UserData!.Value!, 'base64');
    expect(bytes.length).toBeLessThanOrEqual(AWS_LIMIT_BYTES);
    const key = /bundles\/[0-9a-f]{64}\.tar\.gz/.exec(gunzipSync(bytes).toString())![0];
    const s3 = new S3Client({ ...client(), forcePathStyle: true });
    const head = await s3.send(new HeadObjectCommand({ Bucket: names.artifactBucket, Key: key }));
    expect(head.ContentLength).toBeGreaterThan(100_000);
  });

  test('a plan finds nothing to change', async () => {
    expect((await workspace.diff('dev-dashboard')).text).toContain(CLEAN);
  });

  test('a VM that is replaced gets the same volume and the same addresses', async () => {
    const before = await cloud.onlyHost();
    const [data] = await volumes();
    const directory = workspace.stack('dev-dashboard');
    const vm = (await workspace.run(['terraform', 'state', 'list'], {}, directory)).stdout.match(
      /^aws_instance\..+$/m,
    )![0];
    expectSuccess(
      await workspace.run(
        ['terraform', 'apply', '-auto-approve', '-no-color', `-replace=${vm}`],
        {},
        directory,
      ),
    );
    const after = await cloud.onlyHost();
    expect(after.InstanceId).not.toBe(before.InstanceId);
    expect(after.PrivateIpAddress).toBe(before.PrivateIpAddress);
    const [same] = await volumes();
    expect(same!.VolumeId).toBe(data!.VolumeId);
    expect(same!.Attachments).toEqual([expect.objectContaining({ InstanceId: after.InstanceId })]);
  });

  test('neither a sweep nor a launch has anything to do with it', async () => {
    const vm = await cloud.onlyHost();
    const swept = await workspace.ops('sweep', ['dev', '--terminate', '--json']);
    expect(JSON.parse(swept.stdout)).toMatchObject({
      environments: [{ name: 'dev', hosts: [], leftovers: [] }],
    });
    expect((await cloud.onlyHost()).InstanceId).toBe(vm.InstanceId);
  });

  test('a destroy leaves nothing of it behind', async () => {
    // AWS frees the interface of a machine that is ended. The emulator keeps it attached, and lets nobody detach it or delete it.
    const directory = workspace.stack('dev-dashboard');
    const state = await workspace.run(['terraform', 'state', 'list'], {}, directory);
    const [address] = /^aws_network_interface\..+$/m.exec(state.stdout)!;
    expectSuccess(await workspace.run(['terraform', 'state', 'rm', address], {}, directory));
    expectSuccess(await workspace.destroy(['dev-dashboard']));
    expect(await cloud.aliveHosts()).toEqual([]);
    expect(await volumes()).toEqual([]);
    const { Addresses } = await new EC2Client(client()).send(new DescribeAddressesCommand({}));
    expect(Addresses).toEqual([]);
  });
});

describeWithTools(['terraform', 'moto'], 'dev-dashboard, several of everything', () => {
  const emulator = withEmulator();
  const certificate: Record<string, string> = {};
  const workspace = new Workspace(
    () => ({ ...emulator.env, ...certificate }),
    join(__dirname, '../support/ha-dashboard-main.ts'),
  );
  afterAll(() => workspace.remove());

  test('is deployed, finds nothing to change afterwards, and is destroyed', async () => {
    expectSuccess(await workspace.ops('bootstrap', ['dev']));
    expectSuccess(await workspace.deploy(['dev-platform']));
    Object.assign(certificate, { HE300_TEST_CERTIFICATE: await requestCertificate(emulator.endpoint) });
    expectSuccess(await workspace.deploy(['dev-dashboard']));
    expect((await workspace.diff('dev-dashboard')).text).toContain(CLEAN);
    const state = await workspace.run(['terraform', 'state', 'pull'], {}, workspace.stack('dev-dashboard'));
    // AWS made the password; neither state nor plan know it.
    expect(state.stdout).toContain('"manage_master_user_password": true');
    expectSuccess(await workspace.destroy(['dev-dashboard']));
    const left = await workspace.run(['terraform', 'state', 'list'], {}, workspace.stack('dev-dashboard'));
    expect(left.stdout.trim()).toBe('');
  });
});

/** For the domain of the dashboard. @returns its ARN */
async function requestCertificate(endpoint: string): Promise<string> {
  const acm = new AwsClient({ ...CREDENTIALS, service: 'acm', region: HOME });
  const response = await acm.fetch(`${endpoint}/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'CertificateManager.RequestCertificate',
    },
    body: JSON.stringify({ DomainName: 'he300.example.org', ValidationMethod: 'DNS' }),
  });
  return ((await response.json()) as { CertificateArn: string }).CertificateArn;
}
