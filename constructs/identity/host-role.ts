import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import { Construct } from 'constructs';
import type { Environment } from '../../environments/schema';
import { regionsOf } from '../../environments/regions';
import { namesOf } from '../naming/names';
import { allow, computeTrust, policyDocument } from './policy-document';
import { ServiceRole } from './service-role';
import { terminateOwnHosts } from './terminate';

export interface HostRoleProps {
  readonly environment: Environment;
}

/** What a run's host may do in AWS: read its bundle, data and secrets, write its results and logs, and end itself. */
export class HostRole extends Construct {
  readonly instanceProfileName: string;

  constructor(scope: Construct, id: string, { environment }: HostRoleProps) {
    super(scope, id);
    const names = namesOf(environment);
    const role = new ServiceRole(this, 'role', {
      roleName: names.hostRole,
      description: 'GPU host of one HE-300 run',
      trust: computeTrust('ec2.amazonaws.com'),
      permissionsBoundary: names.arn.policy(names.hostBoundary),
      policy: hostPolicy(environment, { fromHostOnly: true }),
    });
    const profile = new IamInstanceProfile(this, 'profile', { name: names.hostRole, role: role.roleName });
    this.instanceProfileName = profile.name;
  }
}

/**
 * @param fromHostOnly whether only the host itself may end it, with credentials used on it; the boundary, which also bounds
 *   the scheduler's role, leaves that to the policies under it
 */
export function hostPolicy(env: Environment, { fromHostOnly }: { readonly fromHostOnly: boolean }): string {
  const names = namesOf(env);
  const bucket = names.arn.bucket(names.artifactBucket);
  // `$${` is Terraform's spelling of a literal `${`: IAM fills in the id of the instance that is to be terminated.
  const itself = regionsOf(env).map((r) => `arn:aws:ec2:${r}:${env.accountId}:instance/$\${ec2:InstanceID}`);
  const fromHost = { ArnLike: { 'ec2:SourceInstanceARN': itself } };
  return policyDocument(
    allow('ReadInputs', {
      Action: ['s3:GetObject'],
      Resource: [`${bucket}/bundles/*`, `${bucket}/datasets/*`, `${bucket}/models/*`, `${bucket}/runs/*`],
    }),
    allow('WriteResults', { Action: ['s3:PutObject'], Resource: [`${bucket}/runs/*`, `${bucket}/raw/*`] }),
    allow('ListRuns', {
      Action: ['s3:ListBucket'],
      Resource: [bucket],
      Condition: { StringLike: { 's3:prefix': ['runs/*', 'datasets/*', 'models/*'] } },
    }),
    allow('UseKey', {
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: [`arn:aws:kms:${env.homeRegion}:${env.accountId}:key/*`],
      Condition: {
        StringEquals: {
          'kms:ViaService': [`s3.${env.homeRegion}.amazonaws.com`, `ssm.${env.homeRegion}.amazonaws.com`],
        },
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.keyAlias },
      },
    }),
    allow('ReadSecrets', {
      Action: ['ssm:GetParameter', 'ssm:GetParameters'],
      Resource: [`arn:aws:ssm:${env.homeRegion}:${env.accountId}:parameter${names.parameterPath}/host/*`],
    }),
    allow('WriteLogs', {
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: [`arn:aws:logs:${env.homeRegion}:${env.accountId}:log-group:${names.logGroups.host}:*`],
    }),
    terminateOwnHosts(env, regionsOf(env), fromHostOnly ? fromHost : {}),
  );
}
