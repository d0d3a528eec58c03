/** What a killed deploy leaves besides hosts, made by hand as Terraform would have made it. */
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
  ListInstanceProfilesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { computeTrust, policyDocument } from '../../constructs/identity/policy-document';
import { terminateOwnHosts } from '../../constructs/identity/terminate';
import { namesOf } from '../../constructs/naming/names';
import { loadEnvironment } from '../../environments';
import { findLeftovers } from '../../ops/lib/leftovers';
import { withEmulator } from '../support/emulator';
import { resetEmulator } from '../support/hosts';
import { describeWithTools } from '../support/skip';

const env = loadEnvironment('dev');
const names = namesOf(env);
const foreign = namesOf(loadEnvironment('staging'));

jest.setTimeout(60_000);

describeWithTools(['moto'], 'leftovers of a killed deploy', () => {
  const emulator = withEmulator();
  let iam: IAMClient;
  let ec2: EC2Client;
  let scheduler: SchedulerClient;
  beforeEach(async () => {
    Object.assign(process.env, emulator.env);
    await resetEmulator(emulator.endpoint);
    [iam, ec2, scheduler] = [
      new IAMClient({ region: 'us-east-1' }),
      new EC2Client({ region: 'us-west-2' }),
      new SchedulerClient({ region: 'us-west-2' }),
    ];
  });

  async function createRole(RoleName: string): Promise<void> {
    const AssumeRolePolicyDocument = computeTrust('ec2.amazonaws.com');
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    const PolicyDocument = policyDocument(terminateOwnHosts(env, ['us-east-1']));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: RoleName, PolicyDocument }));
  }
  async function createProfile(InstanceProfileName: string): Promise<void> {
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
    await iam.send(
      new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: InstanceProfileName }),
    );
  }
  async function createSchedule(GroupName: string, Name: string): Promise<void> {
    await scheduler.send(
      new CreateScheduleCommand({
        GroupName,
        Name,
        ScheduleExpression: 'at(2030-01-01T00:00:00)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: 'arn:aws:scheduler:::aws-sdk:ec2:terminateInstances',
          RoleArn: names.arn.role(names.guardRole),
        },
      }),
    );
  }
  async function createGroup(GroupName: string): Promise<string> {
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({}));
    const { GroupId } = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName, Description: 'x', VpcId: Vpcs![0]!.VpcId! }),
    );
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId,
        IpPermissions: [
          { IpProtocol: 'udp', FromPort: 51820, ToPort: 51820, IpRanges: [{ CidrIp: '10.0.0.0/24' }] },
        ],
      }),
    );
    return GroupId!;
  }
  async function rulesOf(GroupId: string): Promise<{ readonly id: string; readonly egress: boolean }[]> {
    const { SecurityGroupRules = [] } = await ec2.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }),
    );
    return SecurityGroupRules.map(({ SecurityGroupRuleId, IsEgress }) => ({
      id: SecurityGroupRuleId!,
      egress: IsEgress!,
    }));
  }
  const removeAll = async (managed: ReadonlySet<string>): Promise<string[]> => {
    const found = await findLeftovers(env, managed);
    for (const leftover of found) await leftover.remove();
    return found.map(({ what }) => what);
  };

  test('nothing there: nothing is found, also where no schedule group is', async () => {
    expect(await findLeftovers(env, new Set())).toEqual([]);
  });

  test('all of it is found and goes; what belongs to another environment stays', async () => {
    for (const environment of [names, foreign]) {
      const { hostRole, guardRole, hostSecurityGroup, scheduleGroup, guardSchedule } = environment;
      await createRole(hostRole);
      await createRole(guardRole);
      await createProfile(hostRole);
      await createGroup(hostSecurityGroup);
      await createGroup(environment.runnerSecurityGroup);
      await scheduler.send(new CreateScheduleGroupCommand({ Name: scheduleGroup }));
      await createSchedule(scheduleGroup, `${guardSchedule}-i-0123456789abcdef0`);
    }
    await createSchedule(names.scheduleGroup, names.reaper);

    expect(await removeAll(new Set())).toEqual([
      'schedule he300-dev-lifetime-guard-i-0123456789abcdef0 in us-west-2',
      expect.stringMatching(/^security group sg-\w+ in us-west-2$/),
      expect.stringMatching(/^security group sg-\w+ in us-west-2$/),
      'instance profile he300-dev-gpu-host',
      'role he300-dev-gpu-host',
      'role he300-dev-lifetime-guard',
    ]);

    expect(await findLeftovers(env, new Set())).toEqual([]);
    const { Roles = [] } = await iam.send(new ListRolesCommand({}));
    expect(Roles.map(({ RoleName }) => RoleName).sort()).toEqual(
      [foreign.hostRole, foreign.guardRole].sort(),
    );
    const { InstanceProfiles = [] } = await iam.send(new ListInstanceProfilesCommand({}));
    expect(InstanceProfiles.map((p) => p.InstanceProfileName)).toEqual([foreign.hostRole]);
    const { SecurityGroups = [] } = await ec2.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['he300-*'] }] }),
    );
    expect(SecurityGroups.map(({ GroupName }) => GroupName)).toEqual([
      foreign.hostSecurityGroup,
      foreign.runnerSecurityGroup,
    ]);
    const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({}));
    expect(Schedules.map(({ Name }) => Name).sort()).toEqual(
      [names.reaper, `${foreign.guardSchedule}-i-0123456789abcdef0`].sort(),
    );
  });

  test('what the state knows stays, but for a rule that it does not know', async () => {
    await createRole(names.hostRole);
    await createProfile(names.hostRole);
    const group = await createGroup(names.hostSecurityGroup);
    const rules = await rulesOf(group);
    const egress = rules.find((rule) => rule.egress)!;
    const managed = new Set([
      `aws_iam_role/${names.hostRole}`,
      `aws_iam_instance_profile/${names.hostRole}`,
      `aws_security_group/${group}`,
      `aws_vpc_security_group_egress_rule/${egress.id}`,
    ]);

    const ingress = rules.find((rule) => !rule.egress)!;
    expect(await removeAll(managed)).toEqual([`rule ${ingress.id} of security group ${group} in us-west-2`]);
    expect(await rulesOf(group)).toEqual([egress]);
  });
});
