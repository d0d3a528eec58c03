/** What a policy rule is: a pure function over what Terraform will read, overrides included. */

export interface SynthesizedResource {
  readonly type: string;
  readonly name: string;
  /** `<type>.<name>`. */
  readonly address: string;
  /** Path of its construct. */
  readonly path: string;
  readonly attributes: Attributes;
}

export interface SynthesizedStack {
  readonly name: string;
  readonly resources: readonly SynthesizedResource[];
  /** Everything else that Terraform reads: variables, locals, outputs, providers, data sources. */
  readonly rest: Attributes;
  /** Tags that the provider sets on whatever it creates, by the provider's reference such as `aws.us_west_2`. */
  readonly defaultTags: ReadonlyMap<string, Attributes>;
}

export type Attributes = Readonly<Record<string, unknown>>;

export interface Rule {
  /** Also the name of its file. */
  readonly id: string;
  /** Why it matters, one sentence. */
  readonly cause: string;
  /** What to do about it, one sentence. */
  readonly remedy: string;
  /** What is wrong with the resource, with the value; undefined when nothing is. */
  check(resource: SynthesizedResource, stack: SynthesizedStack): string | undefined;
  /** What is wrong outside of resources, each with its place. */
  checkRest?(stack: SynthesizedStack): readonly string[];
}

/** Terraform takes a block once as an object or several times as a list. */
export function blocks(value: unknown): readonly Attributes[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]) as readonly Attributes[];
}

/** Whether any attribute of `from` refers to `address`, whole or indexed. */
export function refersTo(from: unknown, address: string): boolean {
  return new RegExp(`\\b${address.replaceAll('.', '\\.')}(?![\\w-])`).test(JSON.stringify(from) ?? '');
}
