import { describeRule } from '../../../test/support/synth';
import { noWildcardIam } from './no-wildcard-iam';

const document = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string | readonly string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource: 'arn:aws:s3:::b/*',
  ...more,
});
const policy = (...statements: object[]) =>
  [['aws_iam_policy', { policy: document(...statements) }]] as const;

const GITHUB = 'token.actions.githubusercontent.com';
const trust = (more: object) =>
  [
    [
      'aws_iam_role',
      {
        assume_role_policy: document({
          Effect: 'Allow',
          Action: ['sts:AssumeRoleWithWebIdentity'],
          Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/x' },
          ...more,
        }),
      },
    ],
  ] as const;
const exact = { [`${GITHUB}:aud`]: 'sts.amazonaws.com', [`${GITHUB}:sub`]: 'repo:o/r:pull_request' };

describeRule(noWildcardIam, {
  violations: [
    ['everything', policy(allow('*')), 'policy: allows *'],
    ['a whole service', policy(allow(['s3:GetObject', 'ec2:*'])), 'policy: allows ec2:*'],
    [
      'a write anywhere',
      policy(allow('ec2:RunInstances', { Resource: ['*'] })),
      'policy: allows ec2:RunInstances on every resource',
    ],
    [
      'everything but a list of actions',
      policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
      'policy: allows everything except a list',
    ],
    [
      'everywhere but a list',
      policy({ Effect: 'Allow', Action: 's3:GetObject', NotResource: 'x' }),
      'policy: allows everything except a list',
    ],
    [
      'the second statement, in a role’s own policy',
      [['aws_iam_role_policy', { policy: document(allow('s3:GetObject'), allow('iam:*')) }]],
      'policy: allows iam:*',
    ],
    [
      'a policy inside of a role',
      [['aws_iam_role', { inline_policy: [{ policy: document(allow('kms:*')) }] }]],
      'policy: allows kms:*',
    ],
    [
      'an administrator',
      [['aws_iam_role_policy_attachment', { policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' }]],
      'attaches arn:aws:iam::aws:policy/AdministratorAccess',
    ],
    [
      'a policy that nobody can read',
      [['aws_iam_policy', { policy: '${file("policy.json")}' }]],
      'policy: not a JSON document that can be checked: ${file("policy.json")}',
    ],
    [
      'a role for everybody',
      [
        [
          'aws_iam_role',
          { assume_role_policy: document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' }) },
        ],
      ],
      'assume_role_policy: trusts everybody',
    ],
    [
      'a role for every account',
      [
        [
          'aws_iam_role',
          {
            assume_role_policy: document({
              Effect: 'Allow',
              Action: 'sts:AssumeRole',
              Principal: { AWS: ['*'] },
            }),
          },
        ],
      ],
      'assume_role_policy: trusts everybody',
    ],
    [
      'any workflow of GitHub',
      trust({ Condition: { StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com' } } }),
      'assume_role_policy: trusts a token without StringEquals on its sub claim',
    ],
    [
      'any repository of an owner',
      trust({ Condition: { StringEquals: { ...exact, [`${GITHUB}:sub`]: 'repo:o/*' } } }),
      'assume_role_policy: trusts a token without StringEquals on its sub claim',
    ],
    [
      'a token for anybody',
      trust({ Condition: { StringEquals: { [`${GITHUB}:sub`]: exact[`${GITHUB}:sub`] } } }),
      'assume_role_policy: trusts a token without StringEquals on its aud claim',
    ],
    [
      'a token that lacks the claim',
      trust({ Condition: { StringEquals: exact, 'ForAllValues:StringEquals': exact } }),
      'assume_role_policy: trusts a token by ForAllValues:StringEquals, which holds when the claim is missing',
    ],
  ],
  compliant: [
    ['named actions on named resources', policy(allow(['s3:GetObject', 's3:PutObject']))],
    [
      'a listing, which has no resource',
      policy(allow(['ec2:DescribeInstances', 's3:ListAllMyBuckets'], { Resource: '*' })),
    ],
    [
      'a write anywhere under a condition',
      policy(
        allow('ec2:CreateTags', {
          Resource: '*',
          Condition: { StringEquals: { 'ec2:CreateAction': 'RunInstances' } },
        }),
      ),
    ],
    ['a denial of everything', policy({ Effect: 'Deny', Action: '*', Resource: '*' })],
    [
      'a document that Terraform builds from checked parts',
      [['aws_iam_policy', { policy: '${data.aws_iam_policy_document.it.json}' }]],
    ],
    ['exactly one subject and audience', trust({ Condition: { StringEquals: exact } })],
    [
      'a service',
      [
        [
          'aws_iam_role',
          {
            assume_role_policy: document({
              Effect: 'Allow',
              Action: 'sts:AssumeRole',
              Principal: { Service: 'ec2.amazonaws.com' },
            }),
          },
        ],
      ],
    ],
  ],
});
