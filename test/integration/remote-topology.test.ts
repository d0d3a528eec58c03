/** The `remote` topology with real Terraform against the emulator: two hosts, two guards, and never one without the other. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { checkEnvironment } from '../../environments/check';
import { local } from '../../environments/local';
import { until, TestCloud } from '../support/cloud';
import { withEmulator } from '../support/emulator';
import { describeWithTools } from '../support/skip';
import { expectSuccess, Workspace } from '../support/workspace';

jest.setTimeout(240_000);

/** One that the emulator knows. */
const image = { kind: 'pinned', imageIds: { 'us-east-1': 'ami-12c6146b' } } as const;
const input = {
  ...local,
  gpu: { ...local.gpu, image },
  run: { ...local.run, models: ['llama3.2:3b'] },
  modelServer: { kind: 'ollama', slots: 4, cache: 'f16' },
  network: { ...local.network, mode: { kind: 'wireguard', peers: [] } },
  topology: { kind: 'remote', runner: { kind: 'host', instanceType: 'c7i.large', image, diskGb: 30 } },
};
const env = checkEnvironment('the test', input);
const APP = join(__dirname, '../support/vm/main.ts');

describeWithTools(['terraform', 'moto'], 'a run on two hosts', () => {
  const emulator = withEmulator();
  const workspace = new Workspace(() => ({ ...emulator.env, HE300_TEST_ENVIRONMENT: file }), APP);
  const file = join(workspace.path, 'environment.json');
  const cloud = new TestCloud(env, emulator);
  const region = env.homeRegion;

  beforeAll(async () => {
    writeFileSync(file, JSON.stringify(input));
    expectSuccess(await workspace.deploy(['local-platform']));
  });
  afterAll(() => workspace.remove());

  const hosts = async () => {
    const alive = await cloud.aliveHosts();
    const named = (name: string) => alive.find(({ Tags = [] }) => Tags.some(({ Value }) => Value === name));
    return {
      count: alive.length,
      gpu: named('he300-local-gpu-host'),
      runner: named('he300-local-runner-host'),
    };
  };
  const told = async (id: string) => {
    const { UserData } = await cloud.attribute(id, 'userData', region);
    const text = gunzipSync(Buffer.from(UserData!.Value!, 'base64')).toString();
    const { write_files } = JSON.parse(text.slice(text.indexOf('\n'))) as {
      write_files: { path: string; content: string }[];
    };
    return JSON.parse(write_files.find(({ path }) => path === '/etc/he300/host.json')!.content) as unknown;
  };

  test('both are launched, each with its guard, and each is told of the other', async () => {
    expectSuccess(await workspace.deploy(['local']));
    const { count, gpu, runner } = await hosts();
    expect(count).toBe(2);
    expect([gpu!.InstanceType, runner!.InstanceType]).toEqual(['g5.xlarge', 'c7i.large']);
    for (const { InstanceId } of [gpu!, runner!]) {
      const { Target } = await cloud.guard(InstanceId!, region);
      expect(JSON.parse(Target!.Input!)).toEqual({ InstanceIds: [InstanceId] });
    }
    expect(await told(gpu!.InstanceId!)).toMatchObject({ topology: 'remote-server' });
    expect(await told(runner!.InstanceId!)).toMatchObject({ topology: 'remote-runner' });
  });

  test('a second deploy changes nothing', async () => {
    const before = await hosts();
    expect((await workspace.diff('local')).text).toContain('No changes.');
    expectSuccess(await workspace.deploy(['local']));
    const after = await hosts();
    expect([after.gpu!.InstanceId, after.runner!.InstanceId]).toEqual([
      before.gpu!.InstanceId,
      before.runner!.InstanceId,
    ]);
  });

  test('a runner without its GPU host is replaced with it', async () => {
    const before = await hosts();
    await cloud.terminate(before.gpu!.InstanceId!, region);
    expectSuccess(await workspace.deploy(['local']));
    const after = await hosts();
    expect(after.count).toBe(2);
    expect(after.gpu!.InstanceId).not.toBe(before.gpu!.InstanceId);
    expect(after.runner!.InstanceId).not.toBe(before.runner!.InstanceId);
  });

  test('after both have ended the next deploy launches both, and a destroy leaves nothing', async () => {
    const before = await hosts();
    for (const { InstanceId } of [before.gpu!, before.runner!]) await cloud.terminate(InstanceId!, region);
    expectSuccess(await workspace.deploy(['local']));
    expect((await hosts()).count).toBe(2);
    expectSuccess(await workspace.destroy(['local']));
    await until(async () => (await hosts()).count === 0, 'both hosts to be gone');
    expect(await cloud.leftovers()).toEqual([]);
  });
});
