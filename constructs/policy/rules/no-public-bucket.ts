import { refersTo, type Rule } from '../rule';

const BLOCKS = ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'];

export const noPublicBucket: Rule = {
  id: 'no-public-bucket',
  cause: 'a bucket that anybody may read gives away answers, logs and data sets',
  remedy:
    'block public access with all four settings of aws_s3_bucket_public_access_block, and grant to named principals',
  check({ type, address, attributes }, { resources }) {
    switch (type) {
      case 'aws_s3_bucket': {
        if (/^public-/.test(String(attributes.acl ?? ''))) return `acl is '${String(attributes.acl)}'`;
        const block = resources.find(
          (r) => r.type === 'aws_s3_bucket_public_access_block' && refersTo(r.attributes.bucket, address),
        );
        if (!block) return 'the bucket has no aws_s3_bucket_public_access_block';
        const open = BLOCKS.find((name) => block.attributes[name] !== true);
        return open ? `${open} is not true` : undefined;
      }
      case 'aws_s3_bucket_acl':
        return /^public-/.test(String(attributes.acl ?? ''))
          ? `acl is '${String(attributes.acl)}'`
          : undefined;
      case 'aws_s3_bucket_website_configuration':
        return 'the bucket is a web site';
      case 'aws_s3_bucket_policy':
        return policyFinding(String(attributes.policy ?? ''));
      default:
        return undefined;
    }
  },
};

interface Statement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

function policyFinding(text: string): string | undefined {
  try {
    const { Statement: statements } = JSON.parse(text) as { Statement?: Statement | Statement[] };
    const everybody = ({ Principal }: Statement): boolean =>
      Principal === '*' || (Principal as { AWS?: unknown } | undefined)?.AWS === '*';
    const open = [statements ?? []].flat().some((s) => s.Effect === 'Allow' && everybody(s) && !s.Condition);
    return open ? 'the policy allows everybody' : undefined;
  } catch {
    return `the policy is no JSON document that can be checked: ${text.slice(0, 40)}`;
  }
}
