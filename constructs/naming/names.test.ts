import { environmentFields } from '../../environments/schema';
import { largestEnvironment } from '../../test/support/stacks';
import { environmentOfRun, namesOf, runIdOf } from './names';

const longest = namesOf(largestEnvironment());
const INSTANCE_ID = 'i-0123456789abcdef0';

describe('the longest legal namespace and environment name', () => {
  const { name, namespace } = environmentFields.shape;

  test('are those that are tried here: one letter more is refused', () => {
    expect(name.safeParse('e'.repeat(12)).success).toBe(true);
    expect(name.safeParse('e'.repeat(13)).success).toBe(false);
    expect(namespace.safeParse('n'.repeat(16)).success).toBe(true);
    expect(namespace.safeParse('n'.repeat(17)).success).toBe(false);
  });

  test.each([
    ['S3 buckets', 63, /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/, [longest.stateBucket, longest.artifactBucket]],
    [
      'IAM roles and the instance profile',
      64,
      /^[\w+=,.@-]+$/,
      [
        longest.hostRole,
        longest.guardRole,
        longest.reaperRole,
        longest.reaperScheduleRole,
        longest.planRole,
        longest.applyRole,
        longest.flowLogRole,
        longest.dashboard,
        longest.dashboardTaskRole,
        longest.dashboardStartRole,
        longest.vaultServer,
      ],
    ],
    ['IAM policies', 128, /^[\w+=,.@-]+$/, [longest.hostBoundary]],
    [
      'load balancers and target groups',
      32,
      /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
      [longest.dashboardBalancer],
    ],
    ['databases', 63, /^[a-z](?:-?[a-z0-9]+)*$/, [longest.dashboard]],
    ['schedules', 64, /^[0-9a-zA-Z_.-]+$/, [`${longest.guardSchedule}-${INSTANCE_ID}`, longest.reaper]],
    ['schedule groups', 64, /^[0-9a-zA-Z_.-]+$/, [longest.scheduleGroup]],
    ['functions', 64, /^[\w-]+$/, [longest.reaper]],
    ['key aliases', 256, /^alias\/(?!aws\/)[\w/-]+$/, [longest.keyAlias, longest.vaultSealAlias]],
    ['log groups', 512, /^[\w./#-]+$/, Object.values(longest.logGroups)],
    [
      'security groups',
      255,
      /^(?!sg-)[\w ().:/#,@[\]+=&;{}!$*-]+$/,
      [longest.hostSecurityGroup, longest.runnerSecurityGroup, longest.vaultServer],
    ],
    [
      'tags',
      256,
      /^[\w .:/=+@-]+$/,
      [longest.prefix, longest.vpc, longest.host, longest.subnet('us-east-1a')],
    ],
  ])('give %s names of at most %d characters', (_what, limit, pattern, names) => {
    for (const name of names) {
      expect(name).toMatch(pattern);
      expect(name.length).toBeLessThanOrEqual(limit);
    }
  });

  test.each([
    'he300-',
    'aws',
    'awsome',
    'ssm-x',
    'sg',
    'sg-x',
    'amzn-s3-demo',
    'sthree',
    'xn--x',
    'he_300',
    'H',
    '3he',
  ])('the namespace %s would give names that AWS refuses, and is refused first', (given) =>
    expect(namespace.safeParse(given).success).toBe(false),
  );

  test.each(['he300', 'sgx', 'xna', 'a1', 'my-bench-2'])('the namespace %s is fine', (given) => {
    expect(namespace.safeParse(given).success).toBe(true);
  });
});

test('two environments share no name', () => {
  const env = { namespace: 'he300', accountId: '123456789012', homeRegion: 'us-east-1' as const };
  const [dev, prod] = ['dev', 'prod'].map((name) => JSON.stringify(namesOf({ ...env, name })).split(','));
  const shared = dev!.filter((entry) => prod!.includes(entry));
  // An account has one provider for GitHub.
  expect(shared).toEqual([expect.stringContaining('oidc-provider/token.actions.githubusercontent.com')]);
});

test('two accounts share no bucket, whose names are the world’s', () => {
  const env = { namespace: 'he300', name: 'dev', homeRegion: 'us-east-1' as const };
  const [here, there] = ['123456789012', '210987654321'].map((accountId) => namesOf({ ...env, accountId }));
  expect(here!.stateBucket).not.toBe(there!.stateBucket);
  expect(here!.artifactBucket).not.toBe(there!.artifactBucket);
});

test.each([
  'dev',
  'dev-',
  'i-0123456789abcdef0',
  'dev-i-0123',
  'dev-i-0123456789ABCDEF0',
  '-i-0123456789abcdef0',
  `dev-${INSTANCE_ID}\n`,
])('%j is the id of no run', (text) => expect(environmentOfRun(text)).toBeUndefined());

test('the id of a run tells its environment', () => {
  expect(environmentOfRun(runIdOf({ name: 'dev' }, INSTANCE_ID))).toBe('dev');
});
