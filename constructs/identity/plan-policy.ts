import { imagesOf } from '../../environments/images';
import { regionsOf } from '../../environments/regions';
import type { Environment } from '../../environments/schema';
import { namesOf } from '../naming/names';
import { TAG } from '../naming/tags';
import { allow, policyDocument, type Statement } from './policy-document';
import { readState } from './state-access';

/** What `cdktf diff` needs for `<env>` and `<env>-platform`: to read what they describe, and nothing that holds a secret. */
export function planPolicy(env: Environment): string {
  const names = namesOf(env);
  const { accountId, homeRegion } = env;
  const artifacts = names.arn.bucket(names.artifactBucket);
  return policyDocument(
    ...readState(env, [env.name, `${env.name}-platform`]),
    ...seeHosts(env),
    ...seeNetwork(env),
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
    allow('FindOidcProvider', { Action: ['iam:ListOpenIDConnectProviders'], Resource: ['*'] }),
    allow('SeeOidcProvider', {
      Action: ['iam:GetOpenIDConnectProvider'],
      Resource: [names.arn.oidcProvider],
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
    // The bundle's metadata is encrypted with it too.
    allow('ReadBundle', {
      Action: ['kms:Decrypt'],
      Resource: [`arn:aws:kms:${homeRegion}:${accountId}:key/*`],
      Condition: {
        StringEquals: { 'kms:ViaService': `s3.${homeRegion}.amazonaws.com` },
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.keyAlias },
      },
    }),
    allow('FindKey', { Action: ['kms:ListAliases'], Resource: ['*'] }),
    allow('SeeKey', {
      Action: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'],
      Resource: [`arn:aws:kms:${homeRegion}:${accountId}:key/*`],
      Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.keyAlias } },
    }),
    allow('SeeLogGroups', {
      Action: ['logs:DescribeLogGroups', 'logs:ListTagsForResource'],
      Resource: [`arn:aws:logs:${homeRegion}:${accountId}:log-group:*`],
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
    ...imageParameters(env),
  );
}

/**
 * What Terraform asks about the host and its security group. Listings cannot be bound to resources; the attributes of
 * an instance can, and must be: user data is among them, and other people's may hold secrets.
 */
export function seeHosts(env: Environment): Statement[] {
  return [
    allow('ListHosts', {
      Action: [
        'ec2:DescribeAvailabilityZones',
        'ec2:DescribeIamInstanceProfileAssociations',
        'ec2:DescribeImages',
        'ec2:DescribeInstanceCreditSpecifications',
        'ec2:DescribeInstances',
        'ec2:DescribeInstanceStatus',
        'ec2:DescribeInstanceTypes',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroupRules',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSpotInstanceRequests',
        'ec2:DescribeSubnets',
        'ec2:DescribeTags',
        'ec2:DescribeVolumes',
        'ec2:DescribeVpcs',
      ],
      Resource: ['*'],
    }),
    allow('SeeOwnHosts', {
      Action: ['ec2:DescribeInstanceAttribute'],
      Resource: regionsOf(env).map(namesOf(env).arn.instances),
      Condition: ownedBy(env),
    }),
  ];
}

function seeNetwork(env: Environment): Statement[] {
  return [
    allow('ListNetwork', {
      Action: [
        'ec2:DescribeFlowLogs',
        'ec2:DescribeInternetGateways',
        'ec2:DescribeNetworkAcls',
        'ec2:DescribePrefixLists',
        'ec2:DescribeRouteTables',
        'ec2:DescribeVpcEndpoints',
      ],
      Resource: ['*'],
    }),
    allow('SeeOwnVpcs', {
      Action: ['ec2:DescribeVpcAttribute'],
      Resource: regionsOf(env).map((region) => `arn:aws:ec2:${region}:${env.accountId}:vpc/*`),
      Condition: ownedBy(env),
    }),
  ];
}

const ownedBy = (env: Environment) => ({
  StringEquals: { [`aws:ResourceTag/${TAG.environment}`]: namesOf(env).prefix },
});

/** Schedules and schedule groups of the environment, in every region that has some. */
export function schedulesOf(env: Environment): readonly string[] {
  const group = namesOf(env).scheduleGroup;
  return [...new Set([env.homeRegion, ...regionsOf(env)])].flatMap((region) => [
    `arn:aws:scheduler:${region}:${env.accountId}:schedule/${group}/*`,
    `arn:aws:scheduler:${region}:${env.accountId}:schedule-group/${group}`,
  ]);
}

/** The parameters that a plan reads: the images' ids, which are no secret. */
export function imageParameters(env: Environment) {
  const parameters = imagesOf(env).flatMap(({ image }) => (image.kind === 'ssm' ? [image.parameter] : []));
  if (parameters.length === 0) return [];
  return [
    allow('ReadImageId', {
      Action: ['ssm:GetParameter'],
      // In any region: a role's policy has room for one line of each, not for one of each region.
      Resource: [...new Set(parameters)].map((name) => `arn:aws:ssm:*:${env.accountId}:parameter${name}`),
    }),
  ];
}
