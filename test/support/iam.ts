/**
 * A small IAM: decides what AWS would, for the policy language that our documents use. Anything it does not know is an
 * error, so that a new operator in a policy cannot pass unread.
 */
import type { Attributes, Synthesized } from './stacks';

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  /** Absent from a trust policy, which is about the role that it belongs to. */
  readonly Resource?: readonly string[];
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Statement: readonly Statement[];
}

export interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context?: Context | undefined;
}

/** Condition keys of a request; a key of several values is a list. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** A policy attribute as AWS receives it: Terraform writes `$${` as `${`. */
export const documentOf = (policy: unknown): PolicyDocument =>
  JSON.parse(String(policy).replaceAll('$${', '${')) as PolicyDocument;

export interface Role {
  readonly trust: PolicyDocument;
  readonly policy: PolicyDocument;
  readonly boundary?: string;
}

/** The role of that name and its one inline policy. @throws Error when the stack has none */
export function roleIn(stack: Synthesized, name: string): Role {
  const named = ({ name: its }: Attributes): boolean => its === name;
  const role = stack.all('aws_iam_role').find(named);
  const policy = stack.all('aws_iam_role_policy').find(named);
  if (!role || !policy) throw new Error(`no role ${name}`);
  const boundary = role.permissions_boundary as string | undefined;
  return {
    trust: documentOf(role.assume_role_policy),
    policy: documentOf(policy.policy),
    ...(boundary ? { boundary } : {}),
  };
}

/** Whether every one of the documents (a policy and its boundary) allows the request and none denies it. */
export function allows(documents: PolicyDocument | readonly PolicyDocument[], request: Request): boolean {
  return [documents].flat().every(({ Statement }) => {
    const matching = Statement.filter((statement) => matches(statement, request));
    return matching.length > 0 && matching.every(({ Effect }) => Effect === 'Allow');
  });
}

function matches({ Action, Resource = ['*'], Condition = {} }: Statement, request: Request): boolean {
  const { action, resource, context = {} } = request;
  return (
    Action.some((pattern) => like(pattern.toLowerCase(), action.toLowerCase())) &&
    Resource.some((pattern) => like(filledIn(pattern, context), resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, [wanted].flat(), context[key], context)),
    )
  );
}

function holds(
  operator: string,
  wanted: readonly string[],
  actual: string | readonly string[] | undefined,
  context: Context,
): boolean {
  const given = actual === undefined ? [] : [actual].flat();
  if (operator === 'Null') return wanted.includes(String(given.length === 0));
  const test = TESTS[operator.replace('ForAnyValue:', '')];
  if (!test) throw new Error(`unknown condition operator ${operator}`);
  if (!operator.startsWith('ForAnyValue:') && given.length > 1)
    throw new Error(`${operator} on a key of several values`);
  return given.some((value) => wanted.some((pattern) => test(filledIn(pattern, context), value)));
}

const TESTS: Readonly<Record<string, (pattern: string, value: string) => boolean>> = {
  Bool: (pattern, value) => pattern === value,
  StringEquals: (pattern, value) => pattern === value,
  StringLike: like,
  // The parts of an ARN are compared one by one: a wildcard does not reach across a colon.
  ArnLike: (pattern, value) => {
    const [patterns, values] = [arnParts(pattern), arnParts(value)];
    return patterns.every((part, i) => like(part, values[i] ?? ''));
  },
};

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** Policy variables, `${ec2:InstanceID}`; one without a value matches nothing. */
function filledIn(pattern: string, context: Context): string {
  return pattern.replace(/\$\{([^}]+)\}/g, (_, key: string) => String(context[key] ?? '\0'));
}

function like(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}
