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
      'a document of Terraform’s that is not in this stack',
      [['aws_iam_policy', { policy: '${data.aws_iam_policy_document.other.json}' }]],
      'policy: not a JSON document that can be checked: ${data.aws_iam_policy_document.other.jso',
    ],
    [
      'a document of Terraform’s that allows a service',
      [
        ['aws_iam_policy', { policy: '${data.aws_iam_policy_document.it2.json}' }],
        ['data.aws_iam_policy_document', { statement: [{ actions: ['ec2:*'], resources: ['*'] }] }],
      ],
      'policy: allows ec2:*',
    ],
    [
      'what such a document takes over from another',
      [
        ['aws_iam_policy', { policy: '${data.aws_iam_policy_document.it2.json}' }],
        [
          'data.aws_iam_policy_document',
          { source_policy_documents: ['${data.aws_iam_policy_document.it3.minified_json}'] },
        ],
        [
          'data.aws_iam_policy_document',
          {
            dynamic: {
              statement: { for_each: ['x'], content: { not_actions: ['iam:*'], resources: ['*'] } },
            },
          },
        ],
      ],
      'policy: allows everything except a list',
    ],
    [
      'a trust that such a document writes',
      [
        ['aws_iam_role', { assume_role_policy: '${data.aws_iam_policy_document.it2.json}' }],
        [
          'data.aws_iam_policy_document',
          {
            statement: {
              actions: ['sts:AssumeRoleWithWebIdentity'],
              principals: { type: 'Federated', identifiers: ['arn:aws:iam::123456789012:oidc-provider/x'] },
              condition: { test: 'StringLike', variable: `${GITHUB}:sub`, values: ['repo:o/*'] },
            },
          },
        ],
      ],
      'assume_role_policy: trusts a token without StringEquals on its aud claim',
    ],
    ['part of a service', policy(allow('s3:Put*')), 'policy: allows s3:Put*'],
    [
      'a write to all of a service',
      policy(allow('s3:PutObject', { Resource: 'arn:aws:s3:::*' })),
      'policy: allows s3:PutObject on every resource',
    ],
    [
      'every secret',
      policy(allow('secretsmanager:GetSecretValue', { Resource: '*' })),
      'policy: allows secretsmanager:GetSecretValue on every resource',
    ],
    [
      'a write anywhere for whoever uses TLS',
      policy(
        allow('ec2:RunInstances', { Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
      ),
      'policy: allows ec2:RunInstances on every resource',
    ],
    [
      'an administrator among others',
      [
        [
          'aws_iam_role',
          {
            managed_policy_arns: [
              'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore',
              'arn:aws:iam::aws:policy/AmazonEC2FullAccess',
            ],
          },
        ],
      ],
      'attaches arn:aws:iam::aws:policy/AmazonEC2FullAccess',
    ],
    [
      'a role for everybody but one',
      [
        [
          'aws_iam_role',
          {
            assume_role_policy: document({
              Effect: 'Allow',
              Action: 'sts:AssumeRole',
              NotPrincipal: { AWS: 'arn:aws:iam::123456789012:role/r' },
            }),
          },
        ],
      ],
      'assume_role_policy: trusts everybody',
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
      [
        ['aws_iam_policy', { policy: '${data.aws_iam_policy_document.it2.json}' }],
        [
          'data.aws_iam_policy_document',
          { statement: { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*'] } },
        ],
      ],
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
