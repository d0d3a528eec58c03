/** One environment's whole life with real Terraform and the real AWS provider, against the emulator. */
import { ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { gunzipSync } from 'node:zlib';
import { applyPolicy } from '../../constructs/identity/apply-policy';
import { planPolicy } from '../../constructs/identity/plan-policy';
import { loadEnvironment } from '../../environments';
import { AWS_LIMIT_BYTES } from '../../userdata/encode';
import { TestCloud, until } from '../support/cloud';
import { withEmulator } from '../support/emulator';
import { actionsOf, isGranted } from '../support/recording';
import { describeWithTools } from '../support/skip';
import { expectSuccess, Workspace } from '../support/workspace';

const env = loadEnvironment('dev');
const HOME = env.homeRegion;
const OTHER_COAST = '3';

jest.setTimeout(240_000);

describeWithTools(['terraform', 'moto'], 'dev, from bootstrap to destroy', () => {
  const emulator = withEmulator();
  const workspace = new Workspace(() => emulator.env);
  const cloud = new TestCloud(env, emulator);
  afterAll(() => workspace.remove());

  const deployed = async () => {
    expectSuccess(await workspace.deploy(['dev']));
    return cloud.onlyHost();
  };

  describe('before there is a platform', () => {
    test('a launch without credentials says so in one line', async () => {
      const { code, stderr } = await workspace.ops('launch', ['dev'], {
        AWS_ACCESS_KEY_ID: '',
        AWS_SECRET_ACCESS_KEY: '',
      });
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr:
          'launch: no AWS credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n',
      });
    });

    test('a launch without a state bucket says how to make one', async () => {
      const { code, stderr } = await workspace.ops('launch', ['dev']);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'launch: no state bucket; create it with: npm run bootstrap -- dev\n',
      });
    });

    test('a launch without Terraform says where to get it', async () => {
      const { code, stderr } = await workspace.run(
        [process.execPath, '--import', 'tsx', 'ops/launch.ts', 'dev'],
        { PATH: '/nowhere' },
      );
      expect(code).toBe(1);
      expect(stderr).toMatch(/^launch: terraform: not on PATH; install Terraform 1\.11 or newer.*\n$/);
    });

    test('bootstrap makes the bucket and records the image, once', async () => {
      const first = await workspace.ops('bootstrap', ['dev']);
      expectSuccess(first);
      expect(first.stdout).toMatch(
        /^created {2}state bucket he300-dev-state-123456789012\ncreated {2}image ami-/,
      );
      const second = await workspace.ops('bootstrap', ['dev']);
      // The bucket, the host's image in both regions, and the dashboard's.
      expect(second.stdout.match(/^(\w+)/gm)).toEqual(Array(4).fill('exists'));
    });

    test('both a launch and a plain deploy say that the platform is missing', async () => {
      const launch = await workspace.ops('launch', ['dev']);
      expect(launch.stderr).toBe(
        'launch: dev-platform is not deployed in us-east-1; deploy it with: npx cdktf deploy dev-platform\n',
      );
      const deploy = await workspace.deploy(['dev']);
      expect(deploy.code).not.toBe(0);
      expect(deploy.text.replace(/\s*│\s*/g, ' ')).toContain('dev-platform is not deployed in us-east-1');
      expect(await cloud.leftovers()).toEqual([]);
    });
  });

  describe('with the platform', () => {
    beforeAll(async () => expectSuccess(await workspace.deploy(['dev-platform'])));

    test('the platform is as described: a second plan finds nothing to change', async () => {
      const { stdout } = await workspace.ops('diff', ['dev', '--platform', '--json']);
      expect(JSON.parse(stdout)).toMatchObject({
        stack: 'dev-platform',
        run: 'none',
        host: [],
        infrastructure: [],
      });
    });

    test('a deploy launches one host, closed, encrypted and limited', async () => {
      const host = await deployed();
      expect(host).toMatchObject({
        InstanceType: 'g5.xlarge',
        InstanceLifecycle: 'spot',
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        IamInstanceProfile: { Arn: expect.stringContaining('he300-dev-gpu-host') as string },
      });
      const shutdown = await cloud.attribute(host.InstanceId, 'instanceInitiatedShutdownBehavior', HOME);
      expect(shutdown.InstanceInitiatedShutdownBehavior?.Value).toBe('terminate');
      const tags = Object.fromEntries((host.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
      expect(tags).toMatchObject({
        'he300:environment': 'he300-dev',
        'he300:owner': 'he300-dev',
        'he300:time-limit-minutes': '120',
      });
    });

    test("the apply's user data is small and says what to run", async () => {
      const { InstanceId } = await cloud.onlyHost();
      const { UserData } = await cloud.attribute(InstanceId, 'userData', HOME);
      const bytes = Buffer.from(UserData!.Value!, 'base64');
      expect(bytes.length).toBeLessThanOrEqual(AWS_LIMIT_BYTES);
      expect(gunzipSync(bytes).toString()).toMatch(/^#cloud-config\n/);
    });

    test('a plan finds nothing to change, and a second deploy keeps the host', async () => {
      const before = await cloud.onlyHost();
      expect((await workspace.diff('dev')).text).toContain(
        'No changes. Your infrastructure matches the configuration',
      );
      expect((await deployed()).InstanceId).toBe(before.InstanceId);
    });

    test('a plan of both stacks asks for nothing that the plan role may not do', async () => {
      const needed = await actionsOf(emulator, async () => {
        for (const stack of ['dev', 'dev-platform']) expectSuccess(await workspace.diff(stack));
      });
      expect(needed).toContain('ec2:DescribeInstances');
      expect(needed.filter((action) => !isGranted(planPolicy(env), action))).toEqual([]);
    });

    test('an edited environment or another candidate leaves the run in flight alone', async () => {
      const before = await cloud.onlyHost();
      expectSuccess(await workspace.deploy(['dev'], { HE300_CANDIDATE: OTHER_COAST }));
      expect((await cloud.onlyHost()).InstanceId).toBe(before.InstanceId);
    });

    test('a host that somebody changed is shown as drift', async () => {
      const { InstanceId } = await cloud.onlyHost();
      const change = (type: string) =>
        cloud
          .ec2(HOME)
          .send(new ModifyInstanceAttributeCommand({ InstanceId, InstanceType: { Value: type } }));
      await change('g5.2xlarge');
      const { text } = await workspace.diff('dev');
      expect(text).toMatch(/instance_type\s*= "g5\.2xlarge" -> "g5\.xlarge"/);
      await change('g5.xlarge');
    });

    test('a second apply is refused while one holds the lock', async () => {
      // Terraform holds the lock while it waits for a person to approve.
      const first = workspace.start(
        ['terraform', 'apply', '-input=true', '-replace=aws_instance.gpu_host_us_east_1[0]'],
        {},
        workspace.stack('dev'),
      );
      await until(() => cloud.lockIsHeld('dev'), 'the lock of the first apply');
      const second = await workspace.deploy(['dev']);
      expect(second.code).not.toBe(0);
      expect(second.text).toContain('Error acquiring the state lock');
      const launch = await workspace.ops('launch', ['dev']);
      expect(launch.stderr).toMatch(/^launch: a deploy of dev is in progress: .*\n$/);
      first.process.stdin?.end('no\n');
      await first.finished;
      expect(await cloud.lockIsHeld('dev')).toBe(false);
    });

    test("the guard's schedule, executed to the letter, ends the host and nothing else", async () => {
      const { InstanceId } = await cloud.onlyHost();
      const { Target, ScheduleExpression } = await cloud.guard(InstanceId, HOME);
      expect(Target?.Arn).toBe('arn:aws:scheduler:::aws-sdk:ec2:terminateInstances');
      expect(ScheduleExpression).toMatch(/^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/);
      const { InstanceIds } = JSON.parse(Target!.Input!) as { InstanceIds: string[] };
      expect(InstanceIds).toEqual([InstanceId]);
      await cloud.terminate(InstanceIds[0]!, HOME);
      expect(await cloud.aliveHosts()).toEqual([]);
    });

    test('after a host has ended, a diff shows the next run apart from the infrastructure, which is unchanged', async () => {
      const { stdout } = await workspace.ops('diff', ['dev', '--json']);
      expect(JSON.parse(stdout)).toMatchObject({
        run: 'next',
        host: [
          { address: 'aws_instance.gpu_host_us_east_1[0]', action: 'create' },
          { address: 'aws_scheduler_schedule.lifetime_guard_us_east_1[0]', action: 'replace' },
        ],
        infrastructure: [],
      });
    });

    test('the next run may be launched elsewhere, and stays there', async () => {
      expectSuccess(await workspace.deploy(['dev'], { HE300_CANDIDATE: OTHER_COAST }));
      const host = await cloud.onlyHost();
      expect(host.Placement?.AvailabilityZone).toBe('us-west-2a');
      expect(host.InstanceLifecycle).toBeUndefined();
      expect(JSON.parse((await cloud.guard(host.InstanceId, 'us-west-2')).Target!.Input!)).toEqual({
        InstanceIds: [host.InstanceId],
      });
      expect((await deployed()).InstanceId).toBe(host.InstanceId);
    });

    test('a candidate that does not exist is refused before anything is planned', async () => {
      await cloud.terminate((await cloud.onlyHost()).InstanceId, 'us-west-2');
      const { code, text } = await workspace.deploy(['dev'], { HE300_CANDIDATE: '9' });
      expect(code).not.toBe(0);
      expect(text.replace(/\s*│\s*/g, ' ')).toContain("HE300_CANDIDATE: '9'; allowed: 0 to 3");
      expect(await cloud.aliveHosts()).toEqual([]);
    });

    test('a destroy leaves nothing of the run behind', async () => {
      const host = await deployed();
      expect(await cloud.leftovers()).toContain(`instance ${host.InstanceId}`);
      expectSuccess(await workspace.destroy(['dev']));
      expect(await cloud.leftovers()).toEqual([]);
    });

    test('a deploy from nothing, and a destroy, ask for nothing that the apply role may not do', async () => {
      const needed = await actionsOf(emulator, async () => {
        await deployed();
        expectSuccess(await workspace.destroy(['dev']));
      });
      expect(needed).toContain('ec2:RunInstances');
      expect(needed.filter((action) => !isGranted(applyPolicy(env), action))).toEqual([]);
    });
  });
});
