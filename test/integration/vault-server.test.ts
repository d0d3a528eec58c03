/** The environment's own Vault as its VM has it: real Vault by the rendered configuration, KMS, S3, SSM and STS of the emulator. */
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VaultClient } from '../../benchmark/src/vault';
import { namesOf } from '../../constructs/naming/names';
import { applyVaultStack } from '../../ops/lib/vault/apply';
import type { FirstKeys } from '../../userdata/vault-server/vm/first-keys';
import { inspectSnapshot, LAST_SNAPSHOT } from '../../userdata/vault-server/vm/snapshot';
import { lookAtVault } from '../../userdata/vault-server/vm/watch';
import type { LastCopy } from '../../userdata/vm/copies';
import { callEmulator, makeKey } from '../support/emulated-aws';
import { withEmulator } from '../support/emulator';
import { OwnVault } from '../support/own-vault';
import { describeWithTools } from '../support/skip';
import { vaultStackOf } from '../support/stacks';
import { assumed } from '../support/vault-logins';
import { ownVaultProps } from '../support/vault-servers';

jest.setTimeout(180_000);

const { environment } = ownVaultProps;
const names = namesOf(environment);
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const NOBODY = 'http://127.0.0.1:9';

describeWithTools(['vault', 'moto'], 'a Vault of one’s own', ({ vault }) => {
  const emulator = withEmulator();
  const made: OwnVault[] = [];
  let s3: S3Client;
  let own: OwnVault;
  let root: string;

  async function prepared(): Promise<OwnVault> {
    const server = await OwnVault.prepare(vault, ownVaultProps, emulator);
    made.push(server);
    return server;
  }
  async function parameter() {
    const wanted = { Name: names.vaultFirstKeysParameter, WithDecryption: true };
    const { Parameter } = await callEmulator<{ Parameter: { Value: string; Type: string; Version: number } }>(
      ...([emulator.endpoint, 'ssm', 'AmazonSSM.GetParameter', wanted] as const),
    );
    return { ...Parameter, keys: JSON.parse(Parameter.Value) as FirstKeys };
  }
  const snapshots = async (): Promise<string[]> => {
    const found = await s3.send(new ListObjectsV2Command({ Bucket: names.artifactBucket, Prefix: 'vault/' }));
    return (found.Contents ?? []).map(({ Key }) => Key!);
  };
  /** Variables of a program that runs with a role's credentials, as on a VM. */
  async function as(role: string) {
    const { AccessKeyId, SecretAccessKey, SessionToken } = await assumed(
      emulator.endpoint,
      names.arn.role(role),
    );
    return {
      AWS_ACCESS_KEY_ID: AccessKeyId,
      AWS_SECRET_ACCESS_KEY: SecretAccessKey,
      AWS_SESSION_TOKEN: SessionToken,
    };
  }
  const noted = (): LastCopy =>
    JSON.parse(readFileSync(join(own.vm.directory, LAST_SNAPSHOT), 'utf8')) as LastCopy;

  beforeAll(async () => {
    await makeKey(emulator.endpoint, names.vaultSealAlias);
    s3 = new S3Client({
      region: 'us-east-1',
      endpoint: emulator.endpoint,
      credentials: CREDENTIALS,
      forcePathStyle: true,
    });
    await s3.send(new CreateBucketCommand({ Bucket: names.artifactBucket }));
    own = await prepared();
  });
  afterAll(async () => {
    for (const server of made) await server.remove();
  });

  describe('is set up by its VM, once', () => {
    test('with the keys in their parameter, and on nobody’s screen', async () => {
      await own.start();
      const { code, said } = await own.run('first-keys');
      expect({ code, said }).toEqual({
        code: 0,
        said: `Vault is set up; its first keys are in the parameter ${names.vaultFirstKeysParameter}\n`,
      });
      const { Type, keys } = await parameter();
      expect(Type).toBe('SecureString');
      expect(keys.recovery_keys).toHaveLength(1);
      root = keys.root_token;
      await own.untilOpen();
      expect(
        (await own.send({ method: 'GET', path: 'auth/token/lookup-self', token: root })).data,
      ).toMatchObject({
        policies: ['root'],
      });
      expect(readdirSync(own.vm.directory)).toEqual(['first-keys-are-delivered']);
    });

    test('and not again', async () => {
      expect(await own.run('first-keys')).toEqual({ code: 0, said: '' });
      expect((await parameter()).Version).toBe(1);
    });

    test('also when the machine was ended before the keys were delivered', async () => {
      const other = await prepared();
      await other.start();
      const { code, said } = await other.run('first-keys', { AWS_ENDPOINT_URL: NOBODY });
      expect({ code, said }).toEqual({
        code: 1,
        said: expect.stringMatching(/^first-keys: .+\n$/) as string,
      });
      const kept = join(other.vm.directory, 'first-keys.json');
      const keys = JSON.parse(readFileSync(kept, 'utf8')) as FirstKeys;
      expect(statSync(kept).mode & 0o777).toBe(0o600);
      expect(said).not.toContain(keys.root_token);
      expect(await other.run('first-keys')).toMatchObject({ code: 0 });
      expect((await parameter()).keys).toEqual(keys);
      expect(existsSync(kept)).toBe(false);
    });

    test('and where it was ended just after, they do not stay on its disk', async () => {
      const kept = join(own.vm.directory, 'first-keys.json');
      writeFileSync(kept, JSON.stringify((await parameter()).keys));
      expect(await own.run('first-keys')).toEqual({ code: 0, said: '' });
      expect(existsSync(kept)).toBe(false);
      expect(existsSync(join(own.vm.directory, 'first-keys-are-delivered'))).toBe(true);
    });

    test('but not where somebody else has set it up: that is said', async () => {
      const other = await prepared();
      await other.start();
      const body = { recovery_shares: 1, recovery_threshold: 1 };
      await other.send({ method: 'POST', path: 'sys/init', body });
      expect(await other.run('first-keys')).toEqual({
        code: 1,
        said: `first-keys: Vault is set up, and its keys are not here; allowed: an empty volume, or the file ${other.vm.directory}/first-keys-are-delivered from whoever has the keys\n`,
      });
    });

    test('and a Vault that does not answer is one line', async () => {
      const other = await prepared();
      const { code, said } = await other.run('first-keys');
      expect({ code, said }).toEqual({
        code: 1,
        said: expect.stringMatching(/^first-keys: vault: GET sys\/init at \S+: .+\n$/) as string,
      });
    });
  });

  describe('is opened by the cloud’s key alone', () => {
    const SECRET = {
      method: 'POST',
      path: 'kv/data/x',
      body: { data: { word: 'canary-in-vault' } },
    } as const;

    test('after a power cut, with all that was in it', async () => {
      await own.send({ method: 'POST', path: 'sys/mounts/kv', token: root, body: { type: 'kv-v2' } });
      await own.send({ ...SECRET, token: root });
      await own.kill();
      await own.start();
      await own.untilOpen();
      const { data } = await own.send({ method: 'GET', path: 'sys/seal-status' });
      expect(data).toMatchObject({
        type: 'awskms',
        storage_type: 'raft',
        sealed: false,
        recovery_seal: true,
      });
      const read = await own.send({ method: 'GET', path: 'kv/data/x', token: root });
      expect(read.data).toMatchObject({ data: SECRET.body.data });
    });

    test('and does not start where that key cannot be asked', async () => {
      await own.kill();
      await own.start({ AWS_KMS_ENDPOINT: NOBODY, AWS_MAX_ATTEMPTS: '1' });
      expect(own.isRunning).toBe(false);
      expect(own.output).toMatch(/error fetching AWS KMS wrapping key information/);
      await own.start();
      await own.untilOpen();
    });
  });

  describe('is copied to the bucket', () => {
    test('not before its stack lets the VM: one line says so', async () => {
      const { code, said } = await own.run('snapshot', await as(names.vaultServer));
      expect(code).toBe(1);
      expect(said).toMatch(
        /^snapshot: vault: POST auth\/aws\/login at \S+: .+; he300-dev-snapshot is made by .+\n$/,
      );
      expect(await snapshots()).toEqual([]);
    });

    test('by the VM’s role, under time and hash, fetched back and read', async () => {
      const { json } = vaultStackOf(environment);
      const client = new VaultClient({ address: own.vm.address });
      const only = (path: string) => /\baws\b|snapshot/.test(path);
      await applyVaultStack(json, { client, token: root, only });
      const endpoints = Object.fromEntries(
        ['sts', 'iam', ''].map((name) => [name ? `${name}_endpoint` : 'endpoint', emulator.endpoint]),
      );
      const path = 'auth/aws/config/client';
      const body = { iam_server_id_header_value: 'vault.example.org', ...endpoints };
      await own.send({ method: 'POST', path, token: root, body });
      const before = Date.now();
      const { code, said } = await own.run('snapshot', await as(names.vaultServer));
      expect({ code, said }).toEqual({
        code: 0,
        said: expect.stringMatching(
          /^snapshot vault\/snapshots\/\S+\.snap: fetched back and read\n$/,
        ) as string,
      });
      const [key, ...more] = await snapshots();
      expect(more).toEqual([]);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: names.artifactBucket, Key: key! }));
      const bytes = await Body!.transformToByteArray();
      expect(key).toContain(createHash('sha256').update(bytes).digest('hex'));
      expect(Buffer.from(bytes).includes('canary-in-vault')).toBe(false);
      expect(noted().key).toBe(key);
      expect(Date.parse(noted().at)).toBeGreaterThanOrEqual(before);
    });

    test('leaving neither a file nor a token', async () => {
      expect(readdirSync(own.vm.directory).sort()).toEqual(['first-keys-are-delivered', LAST_SNAPSHOT]);
      const { data } = await own.send<{ keys: string[] }>({
        ...{ method: 'LIST', path: 'auth/token/accessors', token: root },
      });
      expect(data.keys).toHaveLength(1);
    });

    test('by no other role', async () => {
      const { code, said } = await own.run('snapshot', await as(names.hostRole));
      expect({ code, said }).toEqual({
        code: 1,
        said: expect.stringContaining('does not belong to the role "he300-dev-snapshot"') as string,
      });
      expect(await snapshots()).toHaveLength(1);
    });

    test('and one that was damaged is found to be', async () => {
      const dir = mkdtempSync(join(tmpdir(), 'he300-snapshot-'));
      const path = join(dir, 'snapshot');
      const { Body } = await s3.send(
        new GetObjectCommand({ Bucket: names.artifactBucket, Key: (await snapshots())[0]! }),
      );
      writeFileSync(path, await Body!.transformToByteArray());
      await inspectSnapshot(vault.path, path);
      truncateSync(path, statSync(path).size - 100);
      await expect(inspectSnapshot(vault.path, path)).rejects.toThrow(/^the snapshot cannot be read: ./);
      rmSync(dir, { recursive: true });
    });

    test('and restored into another, which is then what the first was', async () => {
      const other = await prepared();
      await other.start();
      await other.run('first-keys');
      await other.untilOpen();
      const { root_token } = (await parameter()).keys;
      const { Body } = await s3.send(
        new GetObjectCommand({ Bucket: names.artifactBucket, Key: (await snapshots())[0]! }),
      );
      const restored = await fetch(`${other.vm.address}/v1/sys/storage/raft/snapshot-force`, {
        method: 'POST',
        headers: { 'x-vault-token': root_token },
        body: await Body!.transformToByteArray(),
      });
      expect(restored.status).toBe(204);
      await other.untilOpen();
      const read = await other.send({ method: 'GET', path: 'kv/data/x', token: root });
      expect(read.data).toMatchObject({ data: { word: 'canary-in-vault' } });
      await expect(
        other.send({ method: 'GET', path: 'auth/token/lookup-self', token: root_token }),
      ).rejects.toMatchObject({ problem: 'denied' });
      // And opens itself from then on.
      await other.kill();
      await other.start();
      await other.untilOpen();
    });
  });

  test('the VM tells how it is: open, sealed, gone, and how old the last copy is', async () => {
    const at = new Date(Date.parse(noted().at) + 3 * 3_600_000);
    const health = await lookAtVault(own.vm, at);
    expect(health).toMatchObject({ Healthy: 1, SnapshotAgeHours: 3 });
    expect(health.DiskUsedPercent).toBeGreaterThan(0);
    await own.send({ method: 'POST', path: 'sys/seal', token: root });
    expect(await lookAtVault(own.vm, at)).toMatchObject({ Healthy: 0 });
    await own.kill();
    expect(await lookAtVault(own.vm, at)).toMatchObject({ Healthy: 0 });
  });
});
