import { describeRule } from '../../../test/support/synth';
import { noPublicBucket } from './no-public-bucket';

const block = {
  bucket: '${aws_s3_bucket.it.id}',
  block_public_acls: true,
  block_public_policy: true,
  ignore_public_acls: true,
  restrict_public_buckets: true,
};
const policy = (...Statement: object[]) => ({ policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
const allow = { Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::b/*'] };

describeRule(noPublicBucket, {
  violations: [
    [
      'a bucket with nothing before it',
      [['aws_s3_bucket', {}]],
      'the bucket has no aws_s3_bucket_public_access_block',
    ],
    [
      'a block with one setting off',
      [
        ['aws_s3_bucket', {}],
        ['aws_s3_bucket_public_access_block', { ...block, restrict_public_buckets: false }],
      ],
      'restrict_public_buckets is not true',
    ],
    [
      'a block of some other bucket',
      [
        ['aws_s3_bucket', {}],
        ['aws_s3_bucket_public_access_block', { ...block, bucket: '${aws_s3_bucket.it_too.id}' }],
      ],
      'the bucket has no aws_s3_bucket_public_access_block',
    ],
    ['a public list', [['aws_s3_bucket', { acl: 'public-read' }]], "acl is 'public-read'"],
    [
      'a list for everybody with an account',
      [['aws_s3_bucket', { acl: 'authenticated-read' }]],
      "acl is 'authenticated-read'",
    ],
    ['a public object', [['aws_s3_object', { acl: 'public-read' }]], "acl is 'public-read'"],
    [
      'a list that names the group of everybody',
      [
        [
          'aws_s3_bucket_acl',
          {
            access_control_policy: {
              grant: [
                { grantee: { uri: 'http://acs.amazonaws.com/groups/global/AllUsers' }, permission: 'READ' },
              ],
            },
          },
        ],
      ],
      'the access control list names AllUsers',
    ],
    ['a web site inside of the bucket', [['aws_s3_bucket', { website: {} }]], 'the bucket is a web site'],
    [
      'a policy inside of the bucket',
      [['aws_s3_bucket', policy({ ...allow, Principal: '*' })]],
      'the policy allows everybody',
    ],
    [
      'a public list of its own',
      [['aws_s3_bucket_acl', { acl: 'public-read-write' }]],
      "acl is 'public-read-write'",
    ],
    ['a web site', [['aws_s3_bucket_website_configuration', {}]], 'the bucket is a web site'],
    [
      'a policy for everybody',
      [['aws_s3_bucket_policy', policy({ ...allow, Principal: '*' })]],
      'the policy allows everybody',
    ],
    [
      'a policy for every account',
      [
        [
          'aws_s3_bucket_policy',
          policy({ Effect: 'Deny', Principal: '*' }, { ...allow, Principal: { AWS: '*' } }),
        ],
      ],
      'the policy allows everybody',
    ],
    [
      'a policy for everybody but one',
      [
        [
          'aws_s3_bucket_policy',
          policy({ ...allow, NotPrincipal: { AWS: 'arn:aws:iam::123456789012:role/r' } }),
        ],
      ],
      'the policy allows everybody',
    ],
    [
      'a policy for everybody who uses TLS',
      [
        [
          'aws_s3_bucket_policy',
          policy({
            ...allow,
            Principal: { AWS: ['*'] },
            Condition: { Bool: { 'aws:SecureTransport': 'true' } },
          }),
        ],
      ],
      'the policy allows everybody',
    ],
    [
      'a policy for every account but one',
      [
        [
          'aws_s3_bucket_policy',
          policy({
            ...allow,
            Principal: '*',
            Condition: { StringNotEquals: { 'aws:SourceAccount': '123456789012' } },
          }),
        ],
      ],
      'the policy allows everybody',
    ],
    [
      'a policy for an account of any number',
      [
        [
          'aws_s3_bucket_policy',
          policy({ ...allow, Principal: '*', Condition: { StringLike: { 'aws:SourceAccount': '*' } } }),
        ],
      ],
      'the policy allows everybody',
    ],
    [
      'a policy that Terraform writes, for everybody',
      [
        ['aws_s3_bucket_policy', { policy: '${data.aws_iam_policy_document.it2.json}' }],
        [
          'data.aws_iam_policy_document',
          {
            statement: {
              actions: ['s3:GetObject'],
              resources: ['arn:aws:s3:::b/*'],
              principals: [{ type: 'AWS', identifiers: ['*'] }],
            },
          },
        ],
      ],
      'the policy allows everybody',
    ],
    [
      'a policy that nobody can read',
      [['aws_s3_bucket_policy', { policy: '${file("policy.json")}' }]],
      'the policy is no JSON document that can be checked: ${file("policy.json")}',
    ],
  ],
  compliant: [
    [
      'a bucket behind its block',
      [
        ['aws_s3_bucket', {}],
        ['aws_s3_bucket_public_access_block', block],
      ],
    ],
    [
      'a policy that only denies',
      [['aws_s3_bucket_policy', policy({ Effect: 'Deny', Principal: '*', Action: ['s3:*'] })]],
    ],
    [
      'a policy for whoever comes from one account',
      [
        [
          'aws_s3_bucket_policy',
          policy({
            ...allow,
            Principal: '*',
            Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
          }),
        ],
      ],
    ],
    [
      'a policy for a named role',
      [
        [
          'aws_s3_bucket_policy',
          policy({ ...allow, Principal: { AWS: 'arn:aws:iam::123456789012:role/r' } }),
        ],
      ],
    ],
  ],
});
