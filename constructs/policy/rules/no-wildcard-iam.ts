import { isForEverybody, statementsOf, type Statement } from '../policy-document';
import { blocks, type Attributes, type Rule, type SynthesizedResource } from '../rule';

const READS = /^[\w-]+:(Describe|Get|List)\w*\*?$/i;
/** Reads that show what there is; a `Get` may show what is in it, such as a secret. */
const LISTS = /^[\w-]+:(Describe|List)\w*\*?$/i;
const TOO_MUCH = /policy\/(AdministratorAccess|PowerUserAccess|\w*FullAccess)$/;
/** `*`, and an ARN that names the service and no more. */
const EVERYWHERE = /^(\*+|arn:\*|arn:([^:]*:){4}[*:/]+)$/;

export const noWildcardIam: Rule = {
  id: 'no-wildcard-iam',
  cause: 'a role that may do more than it must is what an intruder is after',
  remedy: 'write out the actions and the resources, and bind a trust to one audience and one subject',
  check(resource, stack) {
    const { type, attributes } = resource;
    const attached = [attributes.policy_arn, attributes.managed_policy_arns, attributes.policy_arns].flat();
    const tooMuch = attached.find((arn) => TOO_MUCH.test(String(arn)));
    if (type.startsWith('aws_iam_') && tooMuch) return `attaches ${String(tooMuch)}`;
    for (const [attribute, text] of policiesOf(resource)) {
      const statements = statementsOf(text, stack);
      if (!statements) return `${attribute}: not a JSON document that can be checked: ${text.slice(0, 40)}`;
      const found = statements.map(statementFinding).find(Boolean);
      if (found) return `${attribute}: ${found}`;
    }
    return undefined;
  },
};

function policiesOf({ type, attributes }: SynthesizedResource): (readonly [string, string])[] {
  const text = (of: Attributes, name: string) =>
    typeof of[name] === 'string' ? [[name, of[name]] as const] : [];
  if (/^aws_iam_((role|group|user)_)?policy$/.test(type)) return text(attributes, 'policy');
  if (type !== 'aws_iam_role') return [];
  return [
    ...text(attributes, 'assume_role_policy'),
    ...text(attributes, 'inline_policy'),
    ...blocks(attributes, 'inline_policy').flatMap((block) => text(block, 'policy')),
  ];
}

function statementFinding(statement: Statement): string | undefined {
  if (statement.Effect !== 'Allow') return undefined;
  if (statement.NotAction ?? statement.NotResource) return 'allows everything except a list';
  const actions = [statement.Action ?? []].flat();
  const broad = actions.find((action) => /[*?]/.test(action) && !READS.test(action));
  if (broad) return `allows ${broad}`;
  return statement.Principal === undefined && statement.NotPrincipal === undefined
    ? resourceFinding(statement, actions)
    : trustFinding(statement, actions);
}

function resourceFinding(
  { Resource, Condition = {} }: Statement,
  actions: readonly string[],
): string | undefined {
  const everywhere = [Resource ?? []].flat().some((resource) => EVERYWHERE.test(resource));
  const more = actions.find((action) => !LISTS.test(action));
  // How somebody connects is no bound on what they may do.
  const bound = Object.values(Condition).flatMap((keys) => Object.keys(keys));
  if (bound.some((key) => key.toLowerCase() !== 'aws:securetransport')) return undefined;
  return everywhere && more ? `allows ${more} on every resource` : undefined;
}

function trustFinding(statement: Statement, actions: readonly string[]): string | undefined {
  if (isForEverybody(statement)) return 'trusts everybody';
  if (!actions.some((action) => /^sts:AssumeRoleWithWebIdentity$/i.test(action))) return undefined;
  const { Condition = {} } = statement;
  const operator = Object.keys(Condition).find((name) => name.startsWith('ForAllValues:'));
  // ForAllValues holds for a request that lacks the key altogether.
  if (operator) return `trusts a token by ${operator}, which holds when the claim is missing`;
  const exact = Object.entries(Condition.StringEquals ?? {}).filter(
    ([, value]) => !JSON.stringify(value).includes('*'),
  );
  const missing = [':aud', ':sub'].find((claim) => !exact.some(([key]) => key.endsWith(claim)));
  return missing ? `trusts a token without StringEquals on its ${missing.slice(1)} claim` : undefined;
}
