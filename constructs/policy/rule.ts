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

export interface RestFinding {
  /** Where it stands, such as `output.run_id.value`. */
  readonly at: string;
  readonly finding: string;
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
  /** What is wrong outside of resources. */
  checkRest?(stack: SynthesizedStack): readonly RestFinding[];
}

/** Types that describe an instance in full, its disks and its metadata service among it. */
export const INSTANCES: readonly string[] = [
  'aws_instance',
  'aws_launch_configuration',
  'aws_spot_instance_request',
];

/** Every occurrence of a block: Terraform takes it once as an object, several times as a list, or made by a dynamic block. */
export function blocks(attributes: Attributes, name: string): readonly Attributes[] {
  const { dynamic } = attributes as { dynamic?: Attributes };
  const generated = list(dynamic?.[name]).map(({ content }) => content as Attributes);
  return [...list(attributes[name]), ...generated];
}

const list = (value: unknown): readonly Attributes[] =>
  [value ?? []].flat() as unknown as readonly Attributes[];

/** Whether `from` refers to `address`, whole or indexed. */
export function refersTo(from: unknown, address: string): boolean {
  return new RegExp(`(?<![\\w.-])${address.replaceAll('.', '\\.')}(?![\\w-])`).test(
    JSON.stringify(from) ?? '',
  );
}
