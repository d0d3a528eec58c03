import { blocks, type Attributes, type Rule, type SynthesizedResource } from '../rule';

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: unknown;
  readonly Resource?: string | readonly string[];
  readonly NotResource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const READS = /^[\w-]+:(Describe|Get|List)\w*\*?$/;
const TOO_MUCH = /policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;
const REFERENCE = /^\$\{data\.aws_iam_policy_document\.[^}]+\}$/;

export const noWildcardIam: Rule = {
  id: 'no-wildcard-iam',
  cause: 'a role that may do more than it must is what an intruder is after',
  remedy: 'write out the actions and the resources, and bind a trust to one audience and one subject',
  check(resource) {
    const { type, attributes } = resource;
    if (type.startsWith('aws_iam_') && TOO_MUCH.test(String(attributes.policy_arn ?? '')))
      return `attaches ${String(attributes.policy_arn)}`;
    for (const [attribute, text] of policiesOf(resource)) {
      const found = REFERENCE.test(text) ? undefined : findingIn(text);
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
    ...blocks(attributes.inline_policy).flatMap((block) => text(block, 'policy')),
  ];
}

function findingIn(text: string): string | undefined {
  try {
    const { Statement: statements } = JSON.parse(text) as { Statement?: Statement | Statement[] };
    return [statements ?? []].flat().map(statementFinding).find(Boolean);
  } catch {
    return `not a JSON document that can be checked: ${text.slice(0, 40)}`;
  }
}

function statementFinding(statement: Statement): string | undefined {
  if (statement.Effect !== 'Allow') return undefined;
  if (statement.NotAction ?? statement.NotResource) return 'allows everything except a list';
  const actions = [statement.Action ?? []].flat();
  const broad = actions.find((action) => action === '*' || action.endsWith(':*'));
  if (broad) return `allows ${broad}`;
  return statement.Principal === undefined
    ? resourceFinding(statement, actions)
    : trustFinding(statement, actions);
}

function resourceFinding({ Resource, Condition }: Statement, actions: readonly string[]): string | undefined {
  const everywhere = [Resource ?? []].flat().includes('*');
  const write = actions.find((action) => !READS.test(action));
  return everywhere && write && !Condition ? `allows ${write} on every resource` : undefined;
}

function trustFinding(
  { Principal, Condition = {} }: Statement,
  actions: readonly string[],
): string | undefined {
  if (Principal === '*' || [(Principal as Attributes).AWS].flat().includes('*')) return 'trusts everybody';
  if (!actions.includes('sts:AssumeRoleWithWebIdentity')) return undefined;
  const operator = Object.keys(Condition).find((name) => name.startsWith('ForAllValues:'));
  // ForAllValues holds for a request that lacks the key altogether.
  if (operator) return `trusts a token by ${operator}, which holds when the claim is missing`;
  const exact = Object.entries(Condition.StringEquals ?? {}).filter(
    ([, value]) => !JSON.stringify(value).includes('*'),
  );
  const missing = [':aud', ':sub'].find((claim) => !exact.some(([key]) => key.endsWith(claim)));
  return missing ? `trusts a token without StringEquals on its ${missing.slice(1)} claim` : undefined;
}
