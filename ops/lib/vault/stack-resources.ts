/** Reads a synthesized Vault stack: its resources in the order in which they depend on one another, references followed. */

export type Attributes = Readonly<Record<string, unknown>>;

/** As much of Terraform's JSON as a Vault stack has: https://developer.hashicorp.com/terraform/language/syntax/json */
export interface VaultStackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly variable?: Readonly<Record<string, Attributes>>;
  readonly [section: string]: unknown;
}

/** The value of one of the stack's variables. @throws Error when there is none */
export type Variables = (name: string) => string;

export interface StackResource {
  /** Type and logical id, as Terraform names it. */
  readonly address: string;
  readonly type: string;
  /** What the stack sets, every reference replaced. @throws Error for an expression that is more than references */
  attributes(variables: Variables): Attributes;
}

/** What a type sets by itself, such as `path` of a mount that was given none. */
export type Completion = (type: string, attributes: Attributes) => Attributes;

/** Arguments of Terraform itself, not of the provider. */
const META = new Set(['//', 'depends_on', 'lifecycle', 'provider']);

const EXPRESSION = /\$\$\{|\$\{([^{}]*)\}/g;
const REFERENCE = /^([a-z_]+)\.([\w-]+)(?:\.([a-z_]+))?$/;

/** @throws Error when resources depend on one another in a circle */
export function stackResources(json: VaultStackJson, complete: Completion): StackResource[] {
  const declared = new Map<string, { readonly type: string; readonly raw: Attributes }>();
  for (const [type, byId] of Object.entries(json.resource ?? {}))
    for (const [id, raw] of Object.entries(byId)) declared.set(`${type}.${id}`, { type, raw });

  const attributesOf = (address: string, variables: Variables): Attributes => {
    const { type, raw } = declared.get(address)!;
    const set = Object.entries(raw).filter(([name]) => !META.has(name));
    const follow = (expression: string): unknown => {
      const [, kind = '', name = '', attribute] = REFERENCE.exec(expression.trim()) ?? [];
      if (kind === 'var' && attribute === undefined) return variables(name);
      const target = `${kind}.${name}`;
      const found =
        attribute !== undefined && declared.has(target)
          ? attributesOf(target, variables)[attribute]
          : undefined;
      if (found !== undefined) return found;
      throw new Error(
        `${address}: cannot follow \${${expression}}; allowed: a variable, or what a resource of this stack sets`,
      );
    };
    return complete(type, Object.fromEntries(set.map(([name, value]) => [name, replaced(value, follow)])));
  };

  return inOrder(declared.keys(), (address) => {
    const references = [...JSON.stringify(declared.get(address)!.raw).matchAll(EXPRESSION)].map(
      ([, e = '']) => e,
    );
    const named = (declared.get(address)!.raw['depends_on'] ?? []) as readonly string[];
    return [...references, ...named].map(targetOf).filter((target) => declared.has(target));
  }).map((address) => ({
    address,
    type: declared.get(address)!.type,
    attributes: (variables) => attributesOf(address, variables),
  }));
}

/** What is referred to, without the attribute. */
const targetOf = (expression: string): string => expression.trim().split('.').slice(0, 2).join('.');

function replaced(value: unknown, follow: (expression: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => replaced(item, follow));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, follow)]));
  if (typeof value !== 'string') return value;
  // An expression that is the whole text keeps the kind of what it stands for.
  const [whole, only] = /^\$\{([^{}]*)\}$/.exec(value) ?? [];
  if (whole !== undefined) return follow(only!);
  return value.replaceAll(EXPRESSION, (_found, expression: string | undefined) =>
    expression === undefined ? '${' : String(follow(expression)),
  );
}

/** Each after what it depends on, otherwise as given. */
function inOrder(addresses: Iterable<string>, dependsOn: (address: string) => readonly string[]): string[] {
  const done = new Set<string>();
  const visit = (address: string, above: readonly string[]): void => {
    if (done.has(address)) return;
    if (above.includes(address))
      throw new Error(`resources depend on one another in a circle: ${[...above, address].join(' → ')}`);
    for (const target of dependsOn(address)) visit(target, [...above, address]);
    done.add(address);
  };
  for (const address of addresses) visit(address, []);
  return [...done];
}
