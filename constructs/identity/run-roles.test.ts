/** What the roles of a run may do: the host, its guard, the reaper. */
import {
  artifacts,
  changesOf,
  fromSelf,
  hostStack,
  instance,
  key,
  launch,
  names,
  notOurHosts,
  own,
  ownKey,
  parameter,
  platform,
  role,
  state,
  TERMINATE,
  testAccess,
  throughS3,
} from '../../test/support/access';
import { allows, roleIn, type Context } from '../../test/support/iam';

testAccess(
  [
    ...(['guard', 'reaper'] as const).flatMap(notOurHosts),
    ['host', 'end another host of its environment', TERMINATE, instance('i-other'), fromSelf('i-other')],
    [
      'host',
      'end itself with credentials that left it',
      TERMINATE,
      instance('i-self'),
      { ...own, 'ec2:InstanceID': 'i-self' },
    ],
    ['host', 'read the state', 's3:GetObject', `${state}/dev.tfstate`],
    ['host', 'list the state', 's3:ListBucket', state],
    ['host', 'write a bundle', 's3:PutObject', `${artifacts}/bundles/x.mjs`],
    ['host', 'write an audit record', 's3:PutObject', `${artifacts}/audit/x`],
    ['host', 'delete results', 's3:DeleteObject', `${artifacts}/runs/dev-i-1/results.json`],
    ['host', 'list everything', 's3:ListBucket', artifacts],
    ['host', "read the reaper's key", 'ssm:GetParameter', parameter('/he300/dev/lambda-cloud')],
    ['host', "read another environment's secrets", 'ssm:GetParameter', parameter('/he300/prod/host/key')],
    ['host', 'list parameters', 'ssm:GetParametersByPath', parameter('/he300/dev/host')],
    [
      'host',
      'decrypt with a key of others',
      'kms:Decrypt',
      key,
      { ...throughS3, 'kms:ResourceAliases': ['alias/other'] },
    ],
    ['host', 'decrypt without S3 or SSM', 'kms:Decrypt', key, ownKey],
    ['host', 'launch another host', 'ec2:RunInstances', instance('*'), launch],
    ['host', 'take another role', 'sts:AssumeRole', role('he300-dev-apply')],
    ['guard', "read the host's secrets", 'ssm:GetParameter', parameter('/he300/dev/host/key')],
    ['reaper', 'write the state', 's3:PutObject', `${state}/dev.tfstate`],
    ['reaper', "read the platform's state", 's3:GetObject', `${state}/dev-platform.tfstate`],
    ['reaper', 'say that a run has ended', 's3:PutObject', `${artifacts}/runs/dev-i-1/ended.json`],
    ['reaper', 'read results', 's3:GetObject', `${artifacts}/runs/dev-i-1/results.json`],
    ['reaper', "read the host's secrets", 'ssm:GetParameter', parameter('/he300/dev/host/key')],
  ],
  [
    ['guard', 'end a host of its own', TERMINATE, instance('i-1'), own],
    ['reaper', 'end a host of its own', TERMINATE, instance('i-1'), own],
    ['guard', "end one in another candidate's region", TERMINATE, instance('i-1', 'us-west-2'), own],
    ['host', 'end itself', TERMINATE, instance('i-self'), fromSelf('i-self')],
    ['host', 'read its bundle', 's3:GetObject', `${artifacts}/bundles/x.mjs`],
    ['host', 'read a run that it resumes', 's3:GetObject', `${artifacts}/runs/dev-i-0/log.jsonl`],
    ['host', 'write its results', 's3:PutObject', `${artifacts}/runs/dev-i-self/results.json`],
    ['host', 'list runs', 's3:ListBucket', artifacts, { 's3:prefix': 'runs/dev-i-0/' }],
    ['host', 'read its secrets', 'ssm:GetParameter', parameter('/he300/dev/host/key')],
    [
      'host',
      'decrypt them',
      'kms:Decrypt',
      key,
      { ...ownKey, 'kms:ViaService': 'ssm.us-east-1.amazonaws.com' },
    ],
    [
      'host',
      'write its log',
      'logs:PutLogEvents',
      'arn:aws:logs:us-east-1:123456789012:log-group:/he300/dev/host:log-stream:i-self',
    ],
    ['reaper', 'see hosts', 'ec2:DescribeInstances', '*'],
    ['reaper', 'read the state', 's3:GetObject', `${state}/dev.tfstate`],
    ['reaper', 'see that a deploy holds the lock', 's3:GetObject', `${state}/dev.tfstate.tflock`],
    ['reaper', 'see that a run has ended', 's3:GetObject', `${artifacts}/runs/dev-i-1/ended.json`],
    ['reaper', 'read the key of the other cloud', 'ssm:GetParameter', parameter('/he300/dev/lambda-cloud')],
  ],
);

test.each(['guard', 'reaper'] as const)(
  'all that the %s changes is that hosts end, by both tags',
  (actor) => {
    // Keeping a log and using the key change nothing that is anybody's.
    const changes = changesOf(actor).filter(({ Sid }) => !['WriteLogs', 'Decrypt'].includes(Sid));
    expect(changes).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Action: [TERMINATE],
        Resource: [instance('*'), instance('*', 'us-west-2')],
        Condition: { StringEquals: own },
      }),
    ]);
  },
);

test('a host names itself by IAM’s variable, which Terraform must not take for its own', () => {
  const raw = hostStack.all('aws_iam_role_policy').find(({ name }) => name === names.hostRole)!;
  expect(raw.policy).toContain('instance/$${ec2:InstanceID}');
});

describe('services may take their role for this account alone', () => {
  const trusts = (stack: typeof platform, name: string, context: Context) =>
    allows(roleIn(stack, name).trust, { action: 'sts:AssumeRole', resource: role(name), context });
  const group = 'arn:aws:scheduler:us-east-1:123456789012:schedule-group/he300-dev';

  test.each<[string, Context]>([
    ['another account', { 'aws:SourceAccount': '210987654321', 'aws:SourceArn': group }],
    ['schedules of another group', { 'aws:SourceAccount': '123456789012', 'aws:SourceArn': `${group}-2` }],
    ['a caller that does not say for whom', {}],
  ])('the guard’s role is not for %s', (_who, context) => {
    expect(trusts(hostStack, names.guardRole, context)).toBe(false);
  });

  test('the guard’s role is for the schedules of this environment', () => {
    expect(
      trusts(hostStack, names.guardRole, { 'aws:SourceAccount': '123456789012', 'aws:SourceArn': group }),
    ).toBe(true);
  });

  test('the schedule of the reaper invokes it for this account', () => {
    expect(trusts(platform, names.reaperScheduleRole, { 'aws:SourceAccount': '210987654321' })).toBe(false);
    expect(trusts(platform, names.reaperScheduleRole, { 'aws:SourceAccount': '123456789012' })).toBe(true);
  });

  test.each([
    [() => hostStack, names.hostRole, 'ec2.amazonaws.com'],
    [() => hostStack, names.guardRole, 'scheduler.amazonaws.com'],
    [() => platform, names.reaperRole, 'lambda.amazonaws.com'],
    [() => platform, names.reaperScheduleRole, 'scheduler.amazonaws.com'],
  ])('%#: one service each', (stack, name, Service) => {
    expect(roleIn(stack(), name).trust.Statement.map((s) => s.Principal)).toEqual([{ Service }]);
  });
});
