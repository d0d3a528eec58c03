/**
 * What a killed deploy made besides hosts and did not write into the state. Terraform does not find it again, and the
 * next deploy fails because the names are taken. It is found by the names that every deploy of the environment uses.
 */
import {
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import {
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetInstanceProfileCommand,
  GetRoleCommand,
  IAMClient,
  ListInstanceProfilesForRoleCommand,
  ListRolePoliciesCommand,
  NoSuchEntityException,
  RemoveRoleFromInstanceProfileCommand,
} from '@aws-sdk/client-iam';
import {
  DeleteScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { setTimeout as delay } from 'node:timers/promises';
import { REGIONS } from '../../constructs/gpu-host/prices';
import { namesOf } from '../../constructs/naming/names';
import type { Environment } from '../../environments/schema';

export interface Leftover {
  /** For people, such as `role he300-dev-gpu-host`. */
  readonly what: string;
  remove(): Promise<void>;
}

/**
 * In the order in which they can be removed. Only asked when nobody is deploying: a deploy in progress has made things
 * that its state does not tell yet.
 * @param managed `<type>/<id>` of everything in the state
 */
export async function findLeftovers(env: Environment, managed: ReadonlySet<string>): Promise<Leftover[]> {
  const names = namesOf(env);
  const iam = new IAMClient({ region: env.homeRegion });
  const regional = await Promise.all(
    REGIONS.map(async (region) => [
      ...(await schedules(new SchedulerClient({ region }), region, names, managed)),
      ...(await securityGroups(new EC2Client({ region }), region, names, managed)),
    ]),
  );
  const global = [
    ...(await instanceProfile(iam, names.hostRole, managed)),
    ...(await role(iam, names.hostRole, managed)),
    ...(await role(iam, names.guardRole, managed)),
  ];
  return [...regional.flat(), ...global];
}

async function schedules(
  client: SchedulerClient,
  region: string,
  {
    scheduleGroup: GroupName,
    guardSchedule,
  }: { readonly scheduleGroup: string; readonly guardSchedule: string },
  managed: ReadonlySet<string>,
): Promise<Leftover[]> {
  const found = await client
    .send(new ListSchedulesCommand({ GroupName, NamePrefix: `${guardSchedule}-` }))
    .catch(absent(ResourceNotFoundException, undefined));
  return (found?.Schedules ?? [])
    .map(({ Name }) => Name!)
    .filter((name) => !managed.has(`aws_scheduler_schedule/${GroupName}/${name}`))
    .map((Name) => ({
      what: `schedule ${Name} in ${region}`,
      remove: async () => void (await client.send(new DeleteScheduleCommand({ GroupName, Name }))),
    }));
}

async function securityGroups(
  client: EC2Client,
  region: string,
  {
    hostSecurityGroup,
    runnerSecurityGroup,
  }: { readonly hostSecurityGroup: string; readonly runnerSecurityGroup: string },
  managed: ReadonlySet<string>,
): Promise<Leftover[]> {
  const Filters = [{ Name: 'group-name', Values: [hostSecurityGroup, runnerSecurityGroup] }];
  const { SecurityGroups = [] } = await client.send(new DescribeSecurityGroupsCommand({ Filters }));
  const found = SecurityGroups.map(async ({ GroupId }): Promise<Leftover[]> => {
    if (managed.has(`aws_security_group/${GroupId}`)) return rules(client, region, GroupId!, managed);
    const remove = () => untilUnused(() => client.send(new DeleteSecurityGroupCommand({ GroupId })));
    return [{ what: `security group ${GroupId} in ${region}`, remove }];
  });
  return (await Promise.all(found)).flat();
}

/** Rules of a group that the state knows: the deploy may have been killed between the two. */
async function rules(
  client: EC2Client,
  region: string,
  GroupId: string,
  managed: ReadonlySet<string>,
): Promise<Leftover[]> {
  const Filters = [{ Name: 'group-id', Values: [GroupId] }];
  const { SecurityGroupRules = [] } = await client.send(new DescribeSecurityGroupRulesCommand({ Filters }));
  return SecurityGroupRules.filter(({ SecurityGroupRuleId: id, IsEgress }) => {
    const type = `aws_vpc_security_group_${IsEgress ? 'egress' : 'ingress'}_rule`;
    return !managed.has(`${type}/${id}`);
  }).map(({ SecurityGroupRuleId, IsEgress }) => {
    const rule = { GroupId, SecurityGroupRuleIds: [SecurityGroupRuleId!] };
    const remove = async (): Promise<void> => {
      if (IsEgress) await client.send(new RevokeSecurityGroupEgressCommand(rule));
      else await client.send(new RevokeSecurityGroupIngressCommand(rule));
    };
    return { what: `rule ${SecurityGroupRuleId} of security group ${GroupId} in ${region}`, remove };
  });
}

async function instanceProfile(
  client: IAMClient,
  InstanceProfileName: string,
  managed: ReadonlySet<string>,
): Promise<Leftover[]> {
  if (managed.has(`aws_iam_instance_profile/${InstanceProfileName}`)) return [];
  const found = await client
    .send(new GetInstanceProfileCommand({ InstanceProfileName }))
    .catch(absent(NoSuchEntityException, undefined));
  if (!found) return [];
  const remove = async (): Promise<void> => {
    for (const { RoleName } of found.InstanceProfile?.Roles ?? [])
      await client.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }));
    await client.send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
  };
  return [{ what: `instance profile ${InstanceProfileName}`, remove }];
}

async function role(client: IAMClient, RoleName: string, managed: ReadonlySet<string>): Promise<Leftover[]> {
  if (managed.has(`aws_iam_role/${RoleName}`)) return [];
  const found = await client
    .send(new GetRoleCommand({ RoleName }))
    .catch(absent(NoSuchEntityException, undefined));
  if (!found) return [];
  const remove = async (): Promise<void> => {
    const { InstanceProfiles = [] } = await client.send(new ListInstanceProfilesForRoleCommand({ RoleName }));
    for (const { InstanceProfileName } of InstanceProfiles)
      await client.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }));
    const { PolicyNames = [] } = await client.send(new ListRolePoliciesCommand({ RoleName }));
    for (const PolicyName of PolicyNames)
      await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    await client.send(new DeleteRoleCommand({ RoleName }));
  };
  return [{ what: `role ${RoleName}`, remove }];
}

const absent =
  <T>(kind: new (...args: never[]) => Error, value: T) =>
  (error: unknown): T => {
    if (error instanceof kind) return value;
    throw error;
  };

const DETACH_LIMIT_MS = 120_000;
const POLL_MS = 2000;

/** The network interface of a terminated host may hold its group for a while. */
async function untilUnused(remove: () => Promise<unknown>): Promise<void> {
  for (const deadline = Date.now() + DETACH_LIMIT_MS; ; await delay(POLL_MS)) {
    try {
      await remove();
      return;
    } catch (error) {
      if ((error as Error).name !== 'DependencyViolation' || Date.now() > deadline) throw error;
    }
  }
}
