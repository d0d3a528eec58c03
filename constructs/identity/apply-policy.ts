import { regionsOf } from '../../environments/regions';
import type { Environment } from '../../environments/schema';
import { namesOf } from '../naming/names';
import { GPU_HOST_ROLE, TAG } from '../naming/tags';
import { imageParameters, schedulesOf, seeHosts } from './plan-policy';
import { allow, policyDocument, type Statement } from './policy-document';
import { readState } from './state-access';
import { terminateOwnHosts } from './terminate';

/**
 * What `cdktf deploy <env>` and `cdktf destroy <env>` need. The platform is not in it: a role that could change the
 * platform could change its own rights, so an administrator deploys that.
 */
export function applyPolicy(env: Environment): string {
  const names = namesOf(env);
  const state = names.arn.bucket(names.stateBucket);
  return policyDocument(
    ...readState(env, [env.name]),
    allow('WriteState', { Action: ['s3:PutObject'], Resource: [`${state}/${names.stateKey(env.name)}`] }),
    ...bundle(env),
    ...hosts(env),
    ...securityGroups(env),
    ...roles(env),
    allow('ManageGuards', {
      Action: [
        'scheduler:CreateSchedule',
        'scheduler:GetSchedule',
        'scheduler:UpdateSchedule',
        'scheduler:DeleteSchedule',
      ],
      Resource: schedulesOf(env).filter((arn) => arn.endsWith('/*')),
    }),
    ...imageParameters(env),
  );
}

const ownerCondition = (env: Environment, kind: 'RequestTag' | 'ResourceTag') => ({
  StringEquals: { [`aws:${kind}/${TAG.environment}`]: namesOf(env).prefix },
});

const ec2 = (env: Environment, ...kinds: readonly string[]): readonly string[] =>
  regionsOf(env).flatMap((region) => kinds.map((kind) => `arn:aws:ec2:${region}:${env.accountId}:${kind}/*`));

function bundle(env: Environment): Statement[] {
  const names = namesOf(env);
  const artifacts = names.arn.bucket(names.artifactBucket);
  return [
    allow('ManageBundles', {
      Action: [
        's3:GetObject',
        's3:GetObjectTagging',
        's3:PutObject',
        's3:PutObjectTagging',
        's3:DeleteObject',
        's3:DeleteObjectVersion',
      ],
      Resource: [`${artifacts}/bundles/*`],
    }),
    allow('SeeBundleVersions', { Action: ['s3:ListBucket', 's3:ListBucketVersions'], Resource: [artifacts] }),
    allow('EncryptBundles', {
      Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
      Resource: [`arn:aws:kms:${env.homeRegion}:${env.accountId}:key/*`],
      Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.keyAlias } },
    }),
  ];
}

function hosts(env: Environment): Statement[] {
  return [
    ...seeHosts(env),
    // A host that lacks the owner tag or the limit cannot be launched by this role.
    allow('LaunchHosts', {
      Action: ['ec2:RunInstances'],
      Resource: ec2(env, 'instance'),
      Condition: {
        StringEquals: {
          [`aws:RequestTag/${TAG.environment}`]: namesOf(env).prefix,
          [`aws:RequestTag/${TAG.role}`]: GPU_HOST_ROLE,
        },
        Null: { [`aws:RequestTag/${TAG.timeLimitMinutes}`]: 'false' },
      },
    }),
    allow('LaunchFrom', {
      Action: ['ec2:RunInstances'],
      Resource: [
        ...ec2(env, 'subnet', 'security-group', 'network-interface', 'volume', 'spot-instances-request'),
        ...regionsOf(env).map((region) => `arn:aws:ec2:${region}::image/*`),
      ],
    }),
    allow('TagOnCreation', {
      Action: ['ec2:CreateTags'],
      Resource: ec2(
        env,
        'instance',
        'volume',
        'security-group',
        'security-group-rule',
        'network-interface',
        'spot-instances-request',
      ),
      Condition: {
        StringEquals: {
          'ec2:CreateAction': [
            'RunInstances',
            'CreateSecurityGroup',
            'AuthorizeSecurityGroupIngress',
            'AuthorizeSecurityGroupEgress',
          ],
        },
      },
    }),
    allow('RepairHosts', {
      Action: [
        'ec2:ModifyInstanceAttribute',
        'ec2:ModifyInstanceMetadataOptions',
        'ec2:CreateTags',
        'ec2:DeleteTags',
      ],
      Resource: ec2(env, 'instance', 'volume'),
      Condition: ownerCondition(env, 'ResourceTag'),
    }),
    terminateOwnHosts(env, regionsOf(env)),
  ];
}

function securityGroups(env: Environment): Statement[] {
  return [
    allow('CreateSecurityGroups', {
      Action: ['ec2:CreateSecurityGroup'],
      Resource: ec2(env, 'security-group'),
      Condition: ownerCondition(env, 'RequestTag'),
    }),
    allow('CreateSecurityGroupsIn', { Action: ['ec2:CreateSecurityGroup'], Resource: ec2(env, 'vpc') }),
    allow('ManageSecurityGroups', {
      Action: [
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:AuthorizeSecurityGroupEgress',
        'ec2:RevokeSecurityGroupIngress',
        'ec2:RevokeSecurityGroupEgress',
        'ec2:ModifySecurityGroupRules',
        'ec2:DeleteSecurityGroup',
      ],
      Resource: ec2(env, 'security-group', 'security-group-rule'),
      Condition: ownerCondition(env, 'ResourceTag'),
    }),
  ];
}

function roles(env: Environment): Statement[] {
  const names = namesOf(env);
  const own = [names.hostRole, names.guardRole].map(names.arn.role);
  return [
    // The boundary caps whatever this role writes into a role it creates, so it cannot raise its own rights through one.
    allow('CreateRoles', {
      Action: ['iam:CreateRole', 'iam:PutRolePolicy'],
      Resource: own,
      Condition: { StringEquals: { 'iam:PermissionsBoundary': names.arn.policy(names.hostBoundary) } },
    }),
    allow('ManageRoles', {
      Action: [
        'iam:GetRole',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateRole',
        'iam:UpdateRoleDescription',
        'iam:UpdateAssumeRolePolicy',
        'iam:GetRolePolicy',
        'iam:DeleteRolePolicy',
        'iam:ListRolePolicies',
        'iam:ListAttachedRolePolicies',
        'iam:ListInstanceProfilesForRole',
        'iam:DeleteRole',
      ],
      Resource: own,
    }),
    allow('PassHostRole', {
      Action: ['iam:PassRole'],
      Resource: [names.arn.role(names.hostRole)],
      Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    }),
    allow('PassGuardRole', {
      Action: ['iam:PassRole'],
      Resource: [names.arn.role(names.guardRole)],
      Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    }),
    allow('ManageInstanceProfile', {
      Action: [
        'iam:CreateInstanceProfile',
        'iam:GetInstanceProfile',
        'iam:TagInstanceProfile',
        'iam:UntagInstanceProfile',
        'iam:AddRoleToInstanceProfile',
        'iam:RemoveRoleFromInstanceProfile',
        'iam:DeleteInstanceProfile',
      ],
      Resource: [names.arn.instanceProfile(names.hostRole)],
    }),
    // The first spot launch of an account creates the role that EC2 launches spot instances with.
    allow('CreateSpotServiceRole', {
      Action: ['iam:CreateServiceLinkedRole'],
      Resource: [
        `arn:aws:iam::${env.accountId}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot`,
      ],
      Condition: { StringEquals: { 'iam:AWSServiceName': 'spot.amazonaws.com' } },
    }),
  ];
}
