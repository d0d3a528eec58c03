import { isForEverybody, statementsOf, type Statement } from '../policy-document';
import { refersTo, type Attributes, type Rule, type SynthesizedStack } from '../rule';

const BLOCKS = ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'];
/** Anybody with an AWS account is anybody. */
const PUBLIC_ACL = /^(public-|authenticated-read)/;
const PUBLIC_GROUP = /groups\/global\/(AllUsers|AuthenticatedUsers)/;

export const noPublicBucket: Rule = {
  id: 'no-public-bucket',
  cause: 'a bucket that anybody may read gives away answers, logs and data sets',
  remedy:
    'block public access with all four settings of aws_s3_bucket_public_access_block, and grant to named principals',
  check({ type, address, attributes }, stack) {
    switch (type) {
      case 'aws_s3_bucket': {
        if (attributes.website !== undefined) return 'the bucket is a web site';
        const policy = attributes.policy === undefined ? undefined : policyFinding(attributes, stack);
        return aclFinding(attributes) ?? policy ?? blockFinding(address, stack);
      }
      case 'aws_s3_bucket_acl':
      case 'aws_s3_object':
        return aclFinding(attributes);
      case 'aws_s3_bucket_website_configuration':
        return 'the bucket is a web site';
      case 'aws_s3_bucket_policy':
        return policyFinding(attributes, stack);
      default:
        return undefined;
    }
  },
};

function aclFinding({ acl, grant, access_control_policy }: Attributes): string | undefined {
  if (PUBLIC_ACL.test(String(acl ?? ''))) return `acl is '${String(acl)}'`;
  const [, group] = PUBLIC_GROUP.exec(JSON.stringify([grant, access_control_policy])) ?? [];
  return group ? `the access control list names ${group}` : undefined;
}

function blockFinding(address: string, { resources }: SynthesizedStack): string | undefined {
  const block = resources.find(
    (r) => r.type === 'aws_s3_bucket_public_access_block' && refersTo(r.attributes.bucket, address),
  );
  if (!block) return 'the bucket has no aws_s3_bucket_public_access_block';
  const open = BLOCKS.find((name) => block.attributes[name] !== true);
  return open ? `${open} is not true` : undefined;
}

function policyFinding({ policy }: Attributes, stack: SynthesizedStack): string | undefined {
  const text = String(policy ?? '');
  const statements = statementsOf(text, stack);
  if (!statements) return `the policy is no JSON document that can be checked: ${text.slice(0, 40)}`;
  return statements.some(allowsEverybody) ? 'the policy allows everybody' : undefined;
}

/** Conditions on who asks. All others, such as on transport or referrer, anybody can meet. */
const WHO = /^aws:(Source(Account|Arn|OrgID|Vpc|Vpce)|Principal(Account|Arn|OrgID))$/i;
/** Operators that hold for the named values only; a negated one, `IfExists` or `ForAllValues` lets others in. */
const ONLY = /^(ForAnyValue:)?(StringEquals(IgnoreCase)?|StringLike|ArnEquals|ArnLike)$/;

function allowsEverybody(statement: Statement): boolean {
  if (statement.Effect !== 'Allow' || !isForEverybody(statement)) return false;
  const restricts = ([operator, keys]: [string, Readonly<Record<string, unknown>>]): boolean =>
    ONLY.test(operator) &&
    Object.entries(keys).some(([key, value]) => WHO.test(key) && ![value].flat().includes('*'));
  return !Object.entries(statement.Condition ?? {}).some(restricts);
}
