/** What an IAM policy document says, be it written as JSON or as Terraform's own data source. */
import { blocks, type Attributes, type SynthesizedStack } from './rule';

export interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: unknown;
  readonly Resource?: string | readonly string[];
  readonly NotResource?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const DATA_SOURCE = /^\$\{data\.aws_iam_policy_document\.([\w-]+)\.(?:minified_)?json\}$/;

/** Its statements; undefined when it cannot be read before Terraform runs. */
export function statementsOf(text: string, stack: SynthesizedStack): readonly Statement[] | undefined {
  const [, name] = DATA_SOURCE.exec(text) ?? [];
  if (name) return ofDataSource(name, stack);
  try {
    const { Statement: statements } = JSON.parse(text) as { Statement?: Statement | Statement[] };
    return [statements ?? []].flat();
  } catch {
    return undefined;
  }
}

/** Whether whoever asks is meant: a wildcard for the principal, or everybody except a list. */
export function isForEverybody({ Principal, NotPrincipal }: Statement): boolean {
  const named = typeof Principal === 'object' && Principal !== null ? Object.values(Principal) : [Principal];
  return NotPrincipal !== undefined || named.flat().includes('*');
}

function ofDataSource(name: string, stack: SynthesizedStack): readonly Statement[] | undefined {
  const { data } = stack.rest as { data?: Record<string, Record<string, Attributes>> };
  const document = data?.aws_iam_policy_document?.[name];
  if (!document) return undefined;
  const merged = [document.source_policy_documents ?? [], document.override_policy_documents ?? []]
    .flat()
    .map((text) => statementsOf(String(text), stack));
  if (merged.includes(undefined)) return undefined;
  return [...blocks(document, 'statement').map(toStatement), ...merged.flatMap((part) => part ?? [])];
}

/** Keys that the data source leaves out must be left out here too: that a key is there means something. */
function toStatement(block: Attributes): Statement {
  const given = (key: keyof Statement, value: unknown) => (value === undefined ? {} : { [key]: value });
  return {
    Effect: String(block.effect ?? 'Allow'),
    ...given('Action', block.actions),
    ...given('NotAction', block.not_actions),
    ...given('Resource', block.resources),
    ...given('NotResource', block.not_resources),
    ...given('Principal', principals(block, 'principals')),
    ...given('NotPrincipal', principals(block, 'not_principals')),
    ...given('Condition', conditions(block)),
  };
}

function principals(block: Attributes, name: string): Attributes | undefined {
  const named = blocks(block, name);
  return named.length > 0
    ? Object.fromEntries(named.map(({ type, identifiers }) => [String(type), identifiers]))
    : undefined;
}

function conditions(block: Attributes): Statement['Condition'] {
  const found: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of blocks(block, 'condition'))
    (found[String(test)] ??= {})[String(variable)] = values;
  return found;
}
