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
  readonly NotPrincipal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Conditions on who asks. All others, such as on transport or referrer, anybody can meet. */
const WHO = /^aws:(Source(Account|Arn|OrgID|Vpc|Vpce)|Principal(Account|Arn|OrgID))$/i;

function policyFinding(text: string): string | undefined {
  try {
    const { Statement: statements } = JSON.parse(text) as { Statement?: Statement | Statement[] };
    return [statements ?? []].flat().some(allowsEverybody) ? 'the policy allows everybody' : undefined;
  } catch {
    return `the policy is no JSON document that can be checked: ${text.slice(0, 40)}`;
  }
}

function allowsEverybody({ Effect, Principal, NotPrincipal, Condition = {} }: Statement): boolean {
  if (Effect !== 'Allow') return false;
  const { AWS } = (Principal ?? {}) as { AWS?: unknown };
  const everybody = Principal === '*' || [AWS].flat().includes('*') || NotPrincipal !== undefined;
  return (
    everybody && !Object.values(Condition).some((keys) => Object.keys(keys).some((key) => WHO.test(key)))
  );
}
