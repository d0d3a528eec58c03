/** The stack of an environment's own Vault, with real Terraform and the real AWS provider, against the emulator. */
import { DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { namesOf } from '../../constructs/naming/names';
import { TAG, VAULT_SERVER_ROLE } from '../../constructs/naming/tags';
import { bootstrapImages } from '../../ops/lib/bootstrap-image';
import { bootstrapStateBucket } from '../../ops/lib/bootstrap-state';
import { AWS_LIMIT_BYTES } from '../../userdata/encode';
import { TestCloud } from '../support/cloud';
import { callEmulator } from '../support/emulated-aws';
import { withEmulator } from '../support/emulator';
import { describeWithTools } from '../support/skip';
import { devWithVaultServer, VAULT_SERVER } from '../support/vault-servers';
import { expectSuccess, Workspace } from '../support/workspace';

const env = devWithVaultServer();
const names = namesOf(env);
const HOME = env.homeRegion;
const STACK = 'dev-vault-server';
const CLEAN = 'No changes. Your infrastructure matches the configuration';

jest.setTimeout(600_000);

describeWithTools(['terraform', 'moto'], STACK, () => {
  const emulator = withEmulator();
  const workspace = new Workspace(() => emulator.env, join(__dirname, '../support/vault-server-main.ts'));
  const cloud = new TestCloud(env, emulator);
  afterAll(() => workspace.remove());
  const client = () => ({
    region: HOME,
    endpoint: emulator.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const volumes = async () =>
    (await new EC2Client(client()).send(new DescribeVolumesCommand({}))).Volumes!.filter(
      ({ Size }) => Size === VAULT_SERVER.dataGb,
    );
  const addressOf = async (type: string): Promise<string> => {
    const state = await workspace.run(['terraform', 'state', 'list'], {}, workspace.stack(STACK));
    return new RegExp(`^${type}\\..+$`, 'm').exec(state.stdout)![0];
  };

  test('after the platform, one VM comes up, closed and encrypted, its data on a volume of its own', async () => {
    Object.assign(process.env, emulator.env);
    await bootstrapStateBucket(env, new S3Client({ ...client(), forcePathStyle: true }));
    await bootstrapImages(env, { refresh: false });
    expectSuccess(await workspace.deploy(['dev-platform']));
    expectSuccess(await workspace.deploy([STACK]));
    const vm = await cloud.onlyHost();
    expect(vm).toMatchObject({
      InstanceType: 't3.small',
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    });
    expect(vm.Tags).toContainEqual({ Key: TAG.role, Value: VAULT_SERVER_ROLE });
    const [data, ...more] = await volumes();
    expect(more).toEqual([]);
    // The emulator does not say the zone of a machine whose interface is given; on AWS another one would be refused.
    expect(data).toMatchObject({ Encrypted: true, VolumeType: 'gp3', AvailabilityZone: 'us-east-1c' });
    expect(data!.Attachments).toEqual([expect.objectContaining({ InstanceId: vm.InstanceId })]);
  });

  test('it is told a key that is there, and a program that is the one it will check', async () => {
    const { InstanceId } = await cloud.onlyHost();
    const { UserData } = await cloud.attribute(InstanceId, 'userData', HOME);
    const bytes = Buffer.from(UserData!.Value!, 'base64');
    expect(bytes.length).toBeLessThanOrEqual(AWS_LIMIT_BYTES);
    const [Key, sha256] = /bundles\/([0-9a-f]{64})\.mjs/.exec(gunzipSync(bytes).toString())!;
    const s3 = new S3Client({ ...client(), forcePathStyle: true });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: names.artifactBucket, Key }));
    expect(
      createHash('sha256')
        .update(await Body!.transformToByteArray())
        .digest('hex'),
    ).toBe(sha256);
    const { KeyMetadata } = await callEmulator<{ KeyMetadata: { Enabled: boolean } }>(
      ...([emulator.endpoint, 'kms', 'TrentService.DescribeKey', { KeyId: names.vaultSealAlias }] as const),
    );
    expect(KeyMetadata.Enabled).toBe(true);
  });

  test('a plan finds nothing to change, and the state holds nothing that opens Vault', async () => {
    expect((await workspace.diff(STACK)).text).toContain(CLEAN);
    const { stdout } = await workspace.run(['terraform', 'state', 'pull'], {}, workspace.stack(STACK));
    expect(stdout).toContain('aws_kms_key');
    expect(stdout).not.toMatch(/root_token|recovery_key|hvs\./);
  });

  test('a VM that is replaced gets the same volume and the same addresses', async () => {
    const before = await cloud.onlyHost();
    const [data] = await volumes();
    const replace = `-replace=${await addressOf('aws_instance')}`;
    expectSuccess(
      await workspace.run(
        ['terraform', 'apply', '-auto-approve', '-no-color', replace],
        {},
        workspace.stack(STACK),
      ),
    );
    const after = await cloud.onlyHost();
    expect(after.InstanceId).not.toBe(before.InstanceId);
    expect(after.PrivateIpAddress).toBe(before.PrivateIpAddress);
    const [same] = await volumes();
    expect(same!.VolumeId).toBe(data!.VolumeId);
  });

  test('a destroy leaves nothing of it behind', async () => {
    // AWS frees the interface of a machine that is ended. The emulator keeps it attached, and lets nobody detach it or delete it.
    const address = await addressOf('aws_network_interface');
    expectSuccess(await workspace.run(['terraform', 'state', 'rm', address], {}, workspace.stack(STACK)));
    expectSuccess(await workspace.destroy([STACK]));
    expect(await cloud.aliveHosts()).toEqual([]);
    expect(await volumes()).toEqual([]);
  });
});
