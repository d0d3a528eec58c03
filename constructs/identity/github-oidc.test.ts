import { allows, roleIn } from '../../test/support/iam';
import { devWith, stacksOf } from '../../test/support/stacks';
import { loadEnvironment } from '../../environments';
import { namesOf } from '../naming/names';
import { githubSubject } from './github-oidc';

const dev = loadEnvironment('dev');
const github = dev.github!;
const names = namesOf(dev);
const { platform } = stacksOf(dev);

describe('who may take a role', () => {
  const ISSUER = 'token.actions.githubusercontent.com';
  const REPOSITORY = 'repo:rng-ops@100001/he300-bench@200001';
  const assume = (role: string, subject: string, audience = 'sts.amazonaws.com') =>
    allows(roleIn(platform, role).trust, {
      action: 'sts:AssumeRoleWithWebIdentity',
      resource: names.arn.role(role),
      context: { [`${ISSUER}:sub`]: subject, [`${ISSUER}:aud`]: audience },
    });

  test.each([
    ['a pull request, the apply role', names.applyRole, `${REPOSITORY}:pull_request`],
    ['a branch without an environment, the apply role', names.applyRole, `${REPOSITORY}:ref:refs/heads/main`],
    ['another environment, the apply role', names.applyRole, `${REPOSITORY}:environment:prod`],
    ['an environment whose name begins alike', names.applyRole, `${REPOSITORY}:environment:dev-2`],
    ['a branch, the plan role', names.planRole, `${REPOSITORY}:ref:refs/heads/main`],
    [
      'a repository of the same name that is another one',
      names.planRole,
      'repo:rng-ops@100001/he300-bench@7:pull_request',
    ],
    [
      'somebody who took over the owner’s old name',
      names.planRole,
      'repo:rng-ops@666/he300-bench@200001:pull_request',
    ],
    ['the form without ids', names.planRole, 'repo:rng-ops/he300-bench:pull_request'],
  ])('not %s', (_who, role, subject) => expect(assume(role, subject)).toBe(false));

  test('not a token for somebody else', () => {
    expect(assume(names.planRole, `${REPOSITORY}:pull_request`, 'https://github.com/rng-ops')).toBe(false);
  });

  test('a pull request may plan, a job of the environment may apply', () => {
    expect(assume(names.planRole, `${REPOSITORY}:pull_request`)).toBe(true);
    expect(assume(names.applyRole, `${REPOSITORY}:environment:dev`)).toBe(true);
  });

  test('both by exact comparison, and through GitHub’s provider alone', () => {
    for (const role of [names.planRole, names.applyRole]) {
      const [statement, ...more] = roleIn(platform, role).trust.Statement;
      expect(more).toEqual([]);
      expect(Object.keys(statement!.Condition!)).toEqual(['StringEquals']);
      expect(statement!.Principal).toEqual({
        Federated: expect.stringMatching(/^\$\{aws_iam_openid_connect_provider\.[\w-]+\.arn\}$/) as string,
      });
    }
  });
});

test.each([
  ['names' as const, 'repo:rng-ops/he300-bench:environment:dev'],
  ['names-and-ids' as const, 'repo:rng-ops@100001/he300-bench@200001:environment:dev'],
])('a subject in the form %s', (subjectFormat, subject) => {
  expect(githubSubject({ ...github, subjectFormat }, 'environment:dev')).toBe(subject);
});

describe('the account’s one provider', () => {
  test('is created without a thumbprint, which would only go stale', () => {
    const provider = platform.one('aws_iam_openid_connect_provider');
    expect(provider).toMatchObject({
      url: 'https://token.actions.githubusercontent.com',
      client_id_list: ['sts.amazonaws.com'],
    });
    expect(provider).not.toHaveProperty('thumbprint_list');
  });

  test('is looked up where another environment of the account creates it', () => {
    const { platform: other } = stacksOf(devWith({ github: { ...github, oidcProvider: 'existing' } }));
    expect(other.all('aws_iam_openid_connect_provider')).toEqual([]);
    expect(Object.values(other.json.data!.aws_iam_openid_connect_provider!)).toEqual([
      expect.objectContaining({ url: 'https://token.actions.githubusercontent.com' }),
    ]);
    const federated = roleIn(other, names.planRole).trust.Statement[0]!.Principal!.Federated;
    expect(federated).toMatch(/^\$\{data\.aws_iam_openid_connect_provider\./);
  });

  test('is no matter for an environment without a repository, which has no such roles either', () => {
    const { platform: local } = stacksOf(loadEnvironment('local'));
    expect(local.addresses().filter((a) => /openid|_plan|_apply/.test(a))).toEqual([]);
    expect(local.all('aws_iam_role').map(({ name }) => name)).toEqual([
      'he300-local-reaper',
      'he300-local-reaper-schedule',
    ]);
  });
});
