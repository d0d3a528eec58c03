import { TAG } from '../../naming/tags';
import type { Attributes, Rule } from '../rule';

/** Types that the AWS provider gives no `tags`; whatever is not listed is held to be taggable. */
const WITHOUT_TAGS: readonly RegExp[] = [
  /^aws_iam_(role|group|user)_policy(_attachment)?$/,
  /^aws_iam_policy_attachment$/,
  /^aws_kms_(alias|key_policy)$/,
  /^aws_(route|route_table_association|lambda_permission|volume_attachment|ec2_tag)$/,
  /^aws_s3_bucket_(?!object$).+$/,
  /^aws_scheduler_schedule$/,
  /^aws_security_group_rule$/,
  /^aws_vpc_endpoint_(?!service$).+$/,
];

export const ownerTagsRequired: Rule = {
  id: 'owner-tags-required',
  cause: 'what carries no owner is found by no sweep and answered for by nobody',
  remedy: `tag it with ${TAG.environment} and ${TAG.owner}, or give its provider these default tags`,
  check({ type, attributes }, { defaultTags }) {
    if (!type.startsWith('aws_') || WITHOUT_TAGS.some((pattern) => pattern.test(type))) return undefined;
    const provider = String(attributes.provider ?? 'aws');
    const tags: Attributes = { ...defaultTags.get(provider), ...(attributes.tags as Attributes | undefined) };
    const missing = [TAG.environment, TAG.owner].filter((tag) => !tags[tag]);
    return missing.length > 0 ? `lacks ${missing.join(' and ')}` : undefined;
  },
};
