import { EC2Client } from '@aws-sdk/client-ec2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { reaperVariables } from '../../constructs/lifetime/reaper';
import { awsCloud } from '../../constructs/lifetime/reaper/clouds/aws';
import { LAUNCHED_AT_TAG } from '../../constructs/lifetime/reaper/clouds/lambda-cloud';
import { hasEnded, s3DeployState, type FactSources } from '../../constructs/lifetime/reaper/facts';
import { handler } from '../../constructs/lifetime/reaper/handler';
import { buildReaperZip } from '../../constructs/lifetime/reaper/package';
import { reap } from '../../constructs/lifetime/reaper/reap';
import { namesOf } from '../../constructs/naming/names';
import { TAG } from '../../constructs/naming/tags';
import { loadEnvironment } from '../../environments';
import { withEmulator } from '../support/emulator';
import { resetEmulator, TestAccount } from '../support/hosts';
import { API_KEY, instance, LambdaCloudDouble } from '../support/lambda-cloud.double';
import { describeWithSharedData, describeWithTools } from '../support/skip';

const env = loadEnvironment('dev');
const names = namesOf(env);
const minutesFromNow = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);

describeWithTools(['moto'], 'the reaper against the emulator', () => {
  const emulator = withEmulator();
  let account: TestAccount;
  beforeAll(() => Object.assign(process.env, emulator.env));
  beforeEach(async () => {
    await resetEmulator(emulator.endpoint);
    account = new TestAccount(env);
    await account.bootstrap();
  });

  const cloudIn = (region: string) =>
    awsCloud({ region, environment: names.prefix, client: new EC2Client({ region }) });
  const facts = (): FactSources => ({
    deployState: () =>
      s3DeployState(account.s3, names.stateBucket, names.stateKey(env.name), names.lockKey(env.name)),
    ended: (id) => hasEnded(account.s3, names.artifactBucket, env.name, id),
  });
  const reapAt = (now: Date) =>
    reap({ clouds: [cloudIn('us-east-1'), cloudIn('us-west-2')], facts: facts(), now, log: () => undefined });

  describe('when not all is well', () => {
    test('a half-written state makes no orphans, and the expired host still goes', async () => {
      const [unknown, expired] = [
        await account.launchOne(),
        await account.launchOne({ tags: { [TAG.timeLimitMinutes]: '15' } }),
      ];
      await account.putStateText('{"version": 4, "resources": [');
      const { errors } = await reapAt(minutesFromNow(20));
      expect(await account.statesOf([unknown, expired])).toEqual(['running', 'terminated']);
      expect(errors).toEqual(['state: Terraform state is not JSON (29 characters)']);
    });

    test('a missing state bucket makes no orphans either', async () => {
      await resetEmulator(emulator.endpoint);
      const unknown = await account.launchOne();
      const { errors } = await reapAt(minutesFromNow(1));
      expect(await account.statesOf([unknown])).toEqual(['running']);
      expect(errors).toEqual([expect.stringMatching(/^state: NoSuchBucket: /)]);
    });

    test('a lock excuses a host that is not in the state yet, but not for long', async () => {
      const host = await account.launchOne();
      await account.putLock({ who: 'runner@ci', created: new Date() });
      expect((await reapAt(minutesFromNow(9))).left).toMatchObject([{ id: host, verdict: 'deploying' }]);
      expect((await reapAt(minutesFromNow(11))).terminated).toMatchObject([{ id: host, verdict: 'orphan' }]);
    });
  });

  test('expired, orphaned and ended hosts are ended in every region, and the live one is left', async () => {
    const live = await account.launchOne();
    const expired = await account.launchOne({ tags: { [TAG.timeLimitMinutes]: '15' } });
    const unlimited = await account.launchOne({ tags: { [TAG.timeLimitMinutes]: '0' } });
    const ended = await account.launchOne();
    const orphan = await account.launchOne();
    const west = await account.launchOne({ region: 'us-west-2', tags: { [TAG.timeLimitMinutes]: '15' } });
    await account.putState([live, expired, unlimited, ended, west]);
    await account.putEndMarker(ended);

    const report = await reapAt(minutesFromNow(20));
    expect(report.errors).toEqual([]);
    expect(Object.fromEntries(report.terminated.map(({ id, verdict }) => [id, verdict]))).toEqual({
      [expired]: 'expired',
      [unlimited]: 'unlimited',
      [ended]: 'ended',
      [orphan]: 'orphan',
      [west]: 'expired',
    });
    const states = await account.statesOf([live, expired, unlimited, ended, orphan]);
    expect(states).toEqual(['running', ...Array<string>(4).fill('terminated')]);
    expect(await account.statesOf([west], 'us-west-2')).toEqual(['terminated']);

    const again = await reapAt(minutesFromNow(20));
    expect(again).toMatchObject({ checked: 1, terminated: [], left: [{ id: live, verdict: 'live' }] });
  });

  test("what is not this environment's host is not even looked at", async () => {
    await account.launchOne({ tags: { [TAG.environment]: 'he300-prod' } });
    await account.launchOne({ tags: { [TAG.role]: 'dashboard' } });
    expect((await reapAt(minutesFromNow(10_000))).checked).toBe(0);
  });

  test('a state that was never written knows no host', async () => {
    const host = await account.launchOne();
    expect((await reapAt(minutesFromNow(1))).terminated).toMatchObject([{ id: host, verdict: 'orphan' }]);
  });

  test('more hosts than EC2 lists on one page are all seen', async () => {
    const ids = await account.launch({ count: 101 });
    expect((await cloudIn('us-east-1').hosts()).map(({ id }) => id).sort()).toEqual(ids.sort());
  });

  test('ending a host that EC2 has forgotten is no error', async () => {
    await expect(cloudIn('us-east-1').terminate('i-0123456789abcdef0')).resolves.toBeUndefined();
  });

  describe('as a function', () => {
    let output: string[];
    beforeEach(() => {
      output = [];
      Object.assign(process.env, reaperVariables(env));
      jest.spyOn(process.stdout, 'write').mockImplementation((text) => output.push(String(text)) > 0);
    });
    afterEach(() => {
      jest.restoreAllMocks();
      for (const name of ['LAMBDA_CLOUD_API_KEY_PARAMETER', 'LAMBDA_CLOUD_ENDPOINT'])
        delete process.env[name];
    });
    const entries = () => output.map((line) => JSON.parse(line) as Record<string, unknown>);

    test('the invocation fails when anything failed, after all that could be done was done', async () => {
      const [unknown, ended] = [await account.launchOne(), await account.launchOne()];
      await account.putEndMarker(ended);
      await account.putStateText('half');
      await expect(handler()).rejects.toThrow('1 failed: state: Terraform state is not JSON (4 characters)');
      expect(await account.statesOf([unknown, ended])).toEqual(['running', 'terminated']);
      expect(entries().at(-1)).toEqual({ event: 'summary', checked: 2, terminated: 1, left: 1, errors: 1 });
    });

    test('a missing variable is named', async () => {
      delete process.env.ENVIRONMENT_PREFIX;
      await expect(handler()).rejects.toThrow('ENVIRONMENT_PREFIX is not set');
    });

    test("where the state is a file on somebody's machine, nothing is called an orphan", async () => {
      delete process.env.STATE_BUCKET;
      const unknown = await account.launchOne();
      expect(await handler()).toMatchObject({ left: [{ id: unknown, verdict: 'live' }], errors: [] });
    });

    test('it logs one line for each ended host and a summary', async () => {
      const orphan = await account.launchOne();
      await handler();
      const reason = 'not in the state, and nobody is applying';
      expect(entries()).toEqual([
        { event: 'terminated', id: orphan, cloud: 'aws us-east-1', verdict: 'orphan', reason },
        { event: 'summary', checked: 1, terminated: 1, left: 0, errors: 0 },
      ]);
    });

    describeWithSharedData('with Lambda Cloud', (data) => {
      let double: LambdaCloudDouble;
      beforeEach(async () => {
        double = await LambdaCloudDouble.start(data);
        process.env.LAMBDA_CLOUD_ENDPOINT = double.endpoint;
      });
      afterEach(() => double.stop());

      test('an unreadable API key does not keep AWS from being swept; later the key is read, and never printed', async () => {
        const orphan = await account.launchOne();
        const tags = {
          [TAG.environment]: names.prefix,
          [TAG.timeLimitMinutes]: '60',
          [LAUNCHED_AT_TAG]: minutesFromNow(-61).toISOString(),
        };
        double.instances.push(instance('lambda-1', tags));
        process.env.LAMBDA_CLOUD_API_KEY_PARAMETER = '/he300/dev/lambda-cloud-key';
        await expect(handler()).rejects.toThrow(/^1 failed: lambda-cloud: ParameterNotFound/);
        expect(await account.statesOf([orphan])).toEqual(['terminated']);

        const parameter = {
          Name: '/he300/dev/lambda-cloud-key',
          Value: API_KEY,
          Type: 'SecureString',
        } as const;
        await new SSMClient({}).send(new PutParameterCommand(parameter));
        expect(await handler()).toMatchObject({ terminated: [{ id: 'lambda-1', verdict: 'expired' }] });
        expect(double.instances[0]!.status).toBe('terminated');
        expect(double.faults).toEqual([]);
        expect(output.join('')).not.toContain(API_KEY);
      });
    });
  });

  test('the packed function runs by itself', async () => {
    const orphan = await account.launchOne();
    const folder = mkdtempSync(join(tmpdir(), 'he300-reaper-'));
    try {
      const zip = unzipSync(readFileSync(buildReaperZip().path));
      writeFileSync(join(folder, 'index.js'), zip['index.js']!);
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['-e', 'require("./index.js").handler()'],
        {
          cwd: folder,
          // The runtime carries the SDK; here it is the project's.
          env: { ...process.env, ...reaperVariables(env), NODE_PATH: resolve('node_modules') },
        },
      );
      expect(
        stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as object),
      ).toMatchObject([
        { event: 'terminated', id: orphan },
        { event: 'summary', terminated: 1 },
      ]);
      expect(await account.statesOf([orphan])).toEqual(['terminated']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
