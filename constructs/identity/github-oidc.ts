import { DataAwsIamOpenidConnectProvider } from '@cdktf/provider-aws/lib/data-aws-iam-openid-connect-provider';
import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { Construct } from 'constructs';
import type { Environment } from '../../environments/schema';
import { namesOf } from '../naming/names';
import { applyPolicy } from './apply-policy';
import { planPolicy } from './plan-policy';
import { policyDocument } from './policy-document';
import { ServiceRole } from './service-role';

export const ISSUER = 'token.actions.githubusercontent.com';
const AUDIENCE = 'sts.amazonaws.com';

type Github = NonNullable<Environment['github']>;

export interface GithubOidcProps {
  readonly environment: Environment;
  readonly github: Github;
}

/**
 * Lets the repository's workflows act without a stored credential: the plan role for pull requests, read only but for
 * the lock object; the apply role for jobs of one GitHub environment.
 */
export class GithubOidc extends Construct {
  constructor(scope: Construct, id: string, { environment: env, github }: GithubOidcProps) {
    super(scope, id);
    const names = namesOf(env);
    const providerArn = this.providerArn(github);
    new ServiceRole(this, 'plan', {
      roleName: names.planRole,
      description: 'Plans pull requests: reads, and takes the state lock',
      trust: githubTrust(providerArn, githubSubject(github, 'pull_request')),
      policy: planPolicy(env),
    });
    new ServiceRole(this, 'apply', {
      roleName: names.applyRole,
      description: 'Launches and destroys run hosts',
      trust: githubTrust(providerArn, githubSubject(github, `environment:${github.applyEnvironment}`)),
      policy: applyPolicy(env),
    });
  }

  /** An account holds one provider for an issuer: one environment creates it, the others of the account look it up. */
  private providerArn({ oidcProvider }: Github): string {
    const url = `https://${ISSUER}`;
    if (oidcProvider === 'existing')
      return new DataAwsIamOpenidConnectProvider(this, 'provider', { url }).arn;
    // AWS checks GitHub's certificate against its own trust store, so a thumbprint would only go stale.
    return new IamOpenidConnectProvider(this, 'provider', { url, clientIdList: [AUDIENCE] }).arn;
  }
}

/**
 * The `sub` claim GitHub puts into a job's token.
 * @param context what follows the repository, such as `pull_request` or `environment:prod`
 */
export function githubSubject(github: Github, context: string): string {
  const { owner, ownerId, repository, repositoryId, subjectFormat } = github;
  const names =
    subjectFormat === 'names'
      ? `${owner}/${repository}`
      : `${owner}@${ownerId}/${repository}@${repositoryId}`;
  return `repo:${names}:${context}`;
}

function githubTrust(providerArn: string, subject: string): string {
  return policyDocument({
    Sid: 'GithubActions',
    Effect: 'Allow',
    Action: ['sts:AssumeRoleWithWebIdentity'],
    Principal: { Federated: providerArn },
    Condition: { StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: subject } },
  });
}
