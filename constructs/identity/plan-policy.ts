import { regionsOf } from '../../environments/regions';
import type { Environment } from '../../environments/schema';
import { namesOf } from '../naming/names';
import { allow, policyDocument } from './policy-document';
import { readState } from './state-access';

/** What `cdktf diff` needs for `<env>` and `<env>-platform`: to read what they describe, and nothing that holds a secret. */
export function planPolicy(env: Environment): string {
  const names = namesOf(env);
  const { accountId, homeRegion } = env;
  const artifacts = names.arn.bucket(names.artifactBucket);
  return policyDocument(
    ...readState(env, [env.name, `${env.name}-platform`]),
    allow('SeeNetworkAndHosts', { Action: ['ec2:Describe*'], Resource: ['*'] }),
    allow('SeeRoles', {
      Action: [
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListRolePolicies',
        'iam:ListAttachedRolePolicies',
        'iam:GetInstanceProfile',
        'iam:GetPolicy',
        'iam:GetPolicyVersion',
        'iam:ListPolicyVersions',
      ],
      Resource: ['role', 'instance-profile', 'policy'].map(
        (kind) => `arn:aws:iam::${accountId}:${kind}/${names.prefix}-*`,
      ),
    }),
    allow('SeeOidcProviders', {
      Action: ['iam:ListOpenIDConnectProviders', 'iam:GetOpenIDConnectProvider'],
      Resource: ['*'],
    }),
    allow('SeeBucket', {
      Action: [
        's3:GetBucket*',
        's3:GetEncryptionConfiguration',
        's3:GetLifecycleConfiguration',
        's3:GetReplicationConfiguration',
        's3:GetAccelerateConfiguration',
        's3:ListBucket',
      ],
      Resource: [artifacts],
    }),
    allow('SeeBundle', {
      Action: ['s3:GetObject', 's3:GetObjectTagging'],
      Resource: [`${artifacts}/bundles/*`],
    }),
    allow('SeeKeys', {
      Action: [
        'kms:DescribeKey',
        'kms:GetKeyPolicy',
        'kms:GetKeyRotationStatus',
        'kms:ListResourceTags',
        'kms:ListAliases',
      ],
      Resource: ['*'],
    }),
    allow('SeeLogGroups', {
      Action: ['logs:DescribeLogGroups', 'logs:ListTagsForResource'],
      Resource: ['*'],
    }),
    allow('SeeSchedules', {
      Action: ['scheduler:GetSchedule', 'scheduler:GetScheduleGroup', 'scheduler:ListTagsForResource'],
      Resource: schedulesOf(env),
    }),
    allow('SeeReaper', {
      Action: [
        'lambda:GetFunction',
        'lambda:GetFunctionCodeSigningConfig',
        'lambda:GetFunctionConcurrency',
        'lambda:GetRuntimeManagementConfig',
        'lambda:ListVersionsByFunction',
        'lambda:ListTags',
      ],
      Resource: [`arn:aws:lambda:${homeRegion}:${accountId}:function:${names.reaper}`],
    }),
    ...imageParameter(env),
  );
}

/** Schedules and schedule groups of the environment, in every region that has some. */
export function schedulesOf(env: Environment): readonly string[] {
  const group = namesOf(env).scheduleGroup;
  return [...new Set([env.homeRegion, ...regionsOf(env)])].flatMap((region) => [
    `arn:aws:scheduler:${region}:${env.accountId}:schedule/${group}/*`,
    `arn:aws:scheduler:${region}:${env.accountId}:schedule-group/${group}`,
  ]);
}

/** The one parameter that a plan reads: the image's id, which is no secret. */
export function imageParameter(env: Environment) {
  const { image } = env.gpu;
  if (image.kind !== 'ssm') return [];
  return [
    allow('ReadImageId', {
      Action: ['ssm:GetParameter'],
      Resource: regionsOf(env).map(
        (region) => `arn:aws:ssm:${region}:${env.accountId}:parameter${image.parameter}`,
      ),
    }),
  ];
}
