import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { describeRule, synthesizeUnder } from '../../../test/support/synth';
import { ownerTagsRequired } from './owner-tags-required';

const tags = { 'he300:environment': 'he300-dev', 'he300:owner': 'somebody' };

describeRule(ownerTagsRequired, {
  violations: [
    ['a resource without tags', [['aws_sns_topic', {}]], 'lacks he300:environment and he300:owner'],
    [
      'a resource without an owner',
      [['aws_sns_topic', { tags: { ...tags, 'he300:owner': '' } }]],
      'lacks he300:owner',
    ],
    [
      'a host of which somebody took the environment away',
      [['aws_instance', { tags: { 'he300:owner': 'somebody' } }]],
      'lacks he300:environment',
    ],
    [
      'an object of the older kind, which can be tagged',
      [['aws_s3_bucket_object', {}]],
      'lacks he300:environment and he300:owner',
    ],
  ],
  compliant: [
    ['a resource with both', [['aws_sns_topic', { tags }]]],
    [
      'what cannot be tagged',
      [
        ['aws_iam_role_policy', {}],
        ['aws_s3_bucket_policy', {}],
        ['aws_kms_alias', {}],
      ],
    ],
    ['what is not in AWS', [['null_resource', {}]]],
  ],
});

describe('tags by default', () => {
  const second = (defaultTags: Record<string, string>) => () =>
    synthesizeUnder([ownerTagsRequired], (stack) => {
      const provider = new AwsProvider(stack, 'west', {
        region: 'us-west-2',
        alias: 'west',
        defaultTags: [{ tags: defaultTags }],
      });
      new SnsTopic(stack, 'topic', { provider });
    });

  test('those of the resource’s own provider count', () => {
    expect(second(tags)).not.toThrow();
  });

  test('those of another provider do not', () => {
    expect(second({})).toThrow('stack/topic: owner-tags-required: lacks he300:environment and he300:owner');
  });
});
