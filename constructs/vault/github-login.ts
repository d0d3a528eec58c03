import { JwtAuthBackend } from '@cdktf/provider-vault/lib/jwt-auth-backend';
import { JwtAuthBackendRole } from '@cdktf/provider-vault/lib/jwt-auth-backend-role';
import { Construct } from 'constructs';
import { vaultAudience } from '../../environments/vault';
import { ISSUER } from '../identity/github-oidc';
import { SECRET_WORKFLOWS } from '../identity/workflows';
import { namesOf, VAULT_MOUNTS } from '../naming/names';
import type { PolicyScope } from './policies';
import { jobToken } from './tokens';

type SecretRole = keyof typeof SECRET_WORKFLOWS;

/** Jobs of GitHub log in with the token that GitHub signs for them: no credential of ours is stored there. */
export class GithubLogin extends Construct {
  constructor(scope: Construct, id: string, props: PolicyScope) {
    super(scope, id);
    const { environment: env, secrets } = props;
    const mount = secrets.shared === 'create' ? this.method() : VAULT_MOUNTS.github;
    if (!env.github) return;
    for (const role of Object.keys(SECRET_WORKFLOWS) as SecretRole[]) {
      new JwtAuthBackendRole(this, role, {
        backend: mount,
        roleName: namesOf(env).vault.role(role),
        roleType: 'jwt',
        userClaim: 'job_workflow_ref',
        boundAudiences: [vaultAudience(secrets)],
        boundClaimsType: 'string',
        boundClaims: boundClaims(env.github, role),
        ...jobToken(env, role),
      });
    }
  }

  private method(): string {
    return new JwtAuthBackend(this, 'method', {
      path: VAULT_MOUNTS.github,
      type: 'jwt',
      description: 'Jobs of GitHub',
      oidcDiscoveryUrl: `https://${ISSUER}`,
      boundIssuer: `https://${ISSUER}`,
    }).path;
  }
}

type Github = NonNullable<PolicyScope['environment']['github']>;

/**
 * Claims that must all hold exactly (https://docs.github.com/actions/reference/security/oidc). Ids survive a rename and
 * are never given twice, so that nobody who takes a name that has become free is let in. Values of one claim stand
 * between commas.
 */
export function boundClaims(github: Github, role: SecretRole): Readonly<Record<string, string>> {
  const { owner, ownerId, repository, repositoryId, applyEnvironment, branch = 'main' } = github;
  const ref = `refs/heads/${branch}`;
  const workflow = (file: string) => `${owner}/${repository}/.github/workflows/${file}@${ref}`;
  return {
    repository: `${owner}/${repository}`,
    repository_id: String(repositoryId),
    repository_owner_id: String(ownerId),
    environment: applyEnvironment,
    ref,
    job_workflow_ref: SECRET_WORKFLOWS[role].map(workflow).join(','),
  };
}
