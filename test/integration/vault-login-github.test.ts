/**
 * Which jobs of GitHub get into a real Vault, and with what token. The tokens are of a test issuer: the stack's discovery
 * URL, which is GitHub's, leads to it, and everything else of the stack is as it is deployed.
 */
import { namesOf, VAULT_MOUNTS } from '../../constructs/naming/names';
import { vaultAudience } from '../../environments/vault';
import type { TokenOptions, Workflow } from '../support/github-issuer';
import { describeWithTools } from '../support/skip';
import { loginByJwt } from '../support/vault-logins';
import { withVaultWorld, type WithVault } from '../support/vault-world';

/** More than the five minutes that a token is good for, and what Vault lets clocks differ by. */
const LONG_MS = 15 * 60_000;
const REPOSITORY = 'rng-ops/he300-bench';
const workflow = (repository: string, ref: string) => `${repository}/.github/workflows/benchmark.yml@${ref}`;

type Role = 'deploy' | 'rotate' | 'terraform-deploy';

/** What differs from a job that may log in. */
interface Change {
  readonly job?: Partial<Workflow>;
  readonly token?: Partial<TokenOptions>;
}

const job = (changed: Partial<Workflow>): Change => ({ job: changed });
const token = (changed: Partial<TokenOptions>): Change => ({ token: changed });
const claims = (changed: TokenOptions['claims'] & object): Change => token({ claims: changed });
const inTime = (ms: number): Change => token({ at: new Date(Date.now() + ms) });

const mismatch = (claim: string) => new RegExp(`claim "${claim}" does not match any associated bound claim`);
/** Of which of several that do not match is chance. */
const ANY_MISMATCH = mismatch('\\w+');

const REFUSED: readonly (readonly [what: string, change: () => Change, said: RegExp])[] = [
  ['of another GitHub environment', () => job({ environment: 'staging' }), mismatch('environment')],
  ['of no GitHub environment', () => job({ environment: undefined }), /claim "environment" is missing/],
  ['of another branch', () => job({ ref: 'refs/heads/other' }), ANY_MISMATCH],
  ['of a tag that is called as the branch', () => job({ ref: 'refs/tags/main' }), ANY_MISMATCH],
  ['of another workflow', () => job({ file: 'ci.yml' }), mismatch('job_workflow_ref')],
  ['of the workflow of another role', () => job({ file: 'rotate.yml' }), mismatch('job_workflow_ref')],
  [
    'of a workflow of another branch that ours calls',
    () => claims({ job_workflow_ref: workflow(REPOSITORY, 'refs/heads/other') }),
    mismatch('job_workflow_ref'),
  ],
  [
    'of a workflow of somebody else that ours calls',
    () => claims({ job_workflow_ref: workflow('somebody/he300-bench', 'refs/heads/main') }),
    mismatch('job_workflow_ref'),
  ],
  [
    'of another repository of the owner',
    () => job({ repository: 'other', repositoryId: 200002 }),
    ANY_MISMATCH,
  ],
  ['of a fork', () => job({ owner: 'somebody', ownerId: 100002, repositoryId: 200002 }), ANY_MISMATCH],
  ['of a repository that has taken our name', () => job({ repositoryId: 200002 }), mismatch('repository_id')],
  ['of an owner who has taken our name', () => job({ ownerId: 100002 }), mismatch('repository_owner_id')],
  [
    'of a pull request',
    () => job({ event: 'pull_request', ref: 'refs/pull/7/merge', environment: undefined }),
    /claim "\w+" (does not match|is missing)/,
  ],
  [
    'of a pull request whose job names our GitHub environment',
    () => job({ event: 'pull_request', ref: 'refs/pull/7/merge' }),
    ANY_MISMATCH,
  ],
  [
    'that does not say whence it is',
    () => claims({ repository: undefined }),
    /claim "repository" is missing/,
  ],
  ['whose claim begins as ours', () => claims({ repository: `${REPOSITORY}-2` }), mismatch('repository')],
  ['whose claim is a wildcard', () => claims({ environment: '*' }), mismatch('environment')],
  ['for AWS', () => token({ audience: 'sts.amazonaws.com' }), /invalid audience \(aud\) claim/],
  [
    'for another Vault',
    () => token({ audience: 'https://vault.example.net:8200' }),
    /invalid audience \(aud\) claim/,
  ],
  [
    'of another issuer',
    () => token({ issuer: 'https://issuer.example.org' }),
    /invalid issuer \(iss\) claim/,
  ],
  ['that has expired', () => inTime(-LONG_MS), /token is expired/],
  ['that is not valid yet', () => inTime(LONG_MS), /token not yet valid/],
  ['signed by another key', () => token({ otherKey: true }), /error verifying token signature/],
];

describeWithTools(['vault', 'postgres', 'moto'], 'a job of GitHub with a token', (tools) => {
  const world = withVaultWorld(tools);

  const jwtOf = (env: WithVault, role: Role, { job = {}, token = {} }: Change = {}): Promise<string> =>
    world().issuer.token(
      { ...world().workflowOf(env, role), ...job },
      { audience: vaultAudience(env.secrets), ...token },
    );
  const login = (env: WithVault, role: Role, jwt: string): Promise<string> =>
    loginByJwt(world().vault, VAULT_MOUNTS.github, namesOf(env).vault.role(role), jwt);

  test.each(REFUSED)('%s is refused', async (_what, change, said) => {
    const { prod } = world();
    await expect(login(prod, 'deploy', await jwtOf(prod, 'deploy', change()))).rejects.toThrow(said);
  });

  test('that nobody has signed is refused', async () => {
    const { prod } = world();
    const [, payload = ''] = (await jwtOf(prod, 'deploy')).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
    await expect(login(prod, 'deploy', `${header}.${payload}.`)).rejects.toMatchObject({ status: 400 });
  });

  test('of one environment is refused by the roles of another', async () => {
    const { prod, staging } = world();
    const jwt = await jwtOf(prod, 'deploy');
    await expect(login(staging, 'deploy', jwt)).rejects.toThrow(mismatch('environment'));
  });

  test.each(['deploy', 'rotate', 'terraform-deploy'] as const)(
    'of the role %s gets its policy alone, for five minutes',
    async (role) => {
      const { vault, prod } = world();
      const own = await login(prod, role, await jwtOf(prod, role));
      const { data } = await vault.send({ method: 'GET', path: 'auth/token/lookup-self', token: own });
      expect(data).toMatchObject({
        policies: [namesOf(prod).vault.role(role)],
        creation_ttl: 300,
        explicit_max_ttl: 300,
      });
      const renewed = await vault.send({
        ...{ method: 'POST', path: 'auth/token/renew-self', token: own, body: { increment: '1h' } },
      });
      expect(renewed.auth!.leaseSeconds).toBeLessThanOrEqual(300);
    },
  );
});
