/** Who may do what: questions to the policies that the stacks of `dev` deploy, answered as IAM would. */
import { allows, documentOf, roleIn, type PolicyDocument, type Context } from './iam';
import { devWith, stacksOf } from './stacks';
import { namesOf } from '../../constructs/naming/names';

const dev = devWith({ lambdaCloud: { apiKeyParameter: '/he300/dev/lambda-cloud' } });
export const { host: hostStack, platform } = stacksOf(dev);
export const names = namesOf(dev);

const boundary = documentOf(platform.one('aws_iam_policy').policy);
const bounded = (role: string): readonly PolicyDocument[] => {
  const { policy, boundary: arn } = roleIn(hostStack, role);
  expect(arn).toBe('arn:aws:iam::123456789012:policy/he300-dev-run-boundary');
  return [policy, boundary];
};
export const actors = {
  host: () => bounded(names.hostRole),
  guard: () => bounded(names.guardRole),
  reaper: () => [roleIn(platform, names.reaperRole).policy],
  plan: () => [roleIn(platform, names.planRole).policy],
  apply: () => [roleIn(platform, names.applyRole).policy],
} satisfies Record<string, () => readonly PolicyDocument[]>;

export type Question = readonly [
  actor: keyof typeof actors,
  what: string,
  action: string,
  resource: string,
  context?: Context | undefined,
];

export const instance = (id: string, region = 'us-east-1', account = '123456789012') =>
  `arn:aws:ec2:${region}:${account}:instance/${id}`;
export const own = {
  'aws:ResourceTag/he300:environment': 'he300-dev',
  'aws:ResourceTag/he300:role': 'gpu-host',
} as const;
/** A call by the host i-self about the instance `id`. */
export const fromSelf = (id: string) => ({
  ...own,
  'ec2:InstanceID': id,
  'ec2:SourceInstanceARN': instance('i-self'),
});
export const launch = {
  'aws:RequestTag/he300:environment': 'he300-dev',
  'aws:RequestTag/he300:role': 'gpu-host',
  'aws:RequestTag/he300:time-limit-minutes': '120',
} as const;
export const key = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555';
export const ownKey = { 'kms:ResourceAliases': ['alias/he300-dev'] } as const;
export const throughS3 = { ...ownKey, 'kms:ViaService': 's3.us-east-1.amazonaws.com' } as const;
export const state = 'arn:aws:s3:::he300-dev-state-123456789012';
export const artifacts = 'arn:aws:s3:::he300-dev-artifacts-123456789012';
export const parameter = (path: string) => `arn:aws:ssm:us-east-1:123456789012:parameter${path}`;
export const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
export const withBoundary = {
  'iam:PermissionsBoundary': 'arn:aws:iam::123456789012:policy/he300-dev-run-boundary',
};

export const TERMINATE = 'ec2:TerminateInstances';

/** Asks what must be refused and what must be granted, refusals first. */
export function testAccess(refused: readonly Question[], granted: readonly Question[]): void {
  const titled = (questions: readonly Question[]) => questions.map((q) => [q[0], q[1], q] as const);
  const answer = ([actor, , action, resource, context = {}]: Question): boolean =>
    allows(actors[actor](), { action, resource, context });
  test.each(titled(refused))('the %s role may not %s', (_actor, _what, q) => expect(answer(q)).toBe(false));
  test.each(titled(granted))('the %s role may %s', (_actor, _what, q) => expect(answer(q)).toBe(true));
}

/** Ways to end something that is not a host of `dev`. */
export const notOurHosts = (actor: keyof typeof actors): readonly Question[] => [
  [actor, 'end a host without tags', TERMINATE, instance('i-1')],
  [
    actor,
    "end another environment's host",
    TERMINATE,
    instance('i-1'),
    { ...own, 'aws:ResourceTag/he300:environment': 'he300-prod' },
  ],
  [
    actor,
    'end an instance of ours that is no host',
    TERMINATE,
    instance('i-1'),
    { ...own, 'aws:ResourceTag/he300:role': 'dashboard' },
  ],
  [actor, 'end one in a region that no candidate names', TERMINATE, instance('i-1', 'us-east-2'), own],
  [actor, 'end one of another account', TERMINATE, instance('i-1', 'us-east-1', '210987654321'), own],
  [actor, 'stop a host instead, which goes on costing', 'ec2:StopInstances', instance('i-1'), own],
];

export const isRead = (action: string): boolean => /:(Describe|Get|List)/.test(action);

/** Statements that grant more than reading. */
export const changesOf = (actor: keyof typeof actors) =>
  actors[actor]()[0]!.Statement.filter(({ Action }) => !Action.every(isRead));
