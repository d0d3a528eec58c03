import {
  TerraformDataSource,
  TerraformLocal,
  TerraformOutput,
  TerraformVariable,
  type TerraformStack,
} from 'cdktf';
import type { IConstruct } from 'constructs';
import type { Attributes, SynthesizedResource, SynthesizedStack } from './rule';
import { blocks } from './rule';

type ByName = Readonly<Record<string, Attributes>>;

/** A stack as Terraform will read it. */
export function synthesized(stack: TerraformStack): SynthesizedStack {
  const {
    resource = {},
    '//': _metadata,
    ...rest
  } = stack.toTerraform() as Attributes & { resource?: Readonly<Record<string, ByName>> };
  const resources = Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, attributes]) => toResource(type, name, attributes)),
  );
  return {
    name: stack.node.id,
    resources,
    rest,
    defaultTags: defaultTags((rest as { provider?: unknown }).provider),
  };
}

function toResource(
  type: string,
  name: string,
  { '//': comment, ...attributes }: Attributes,
): SynthesizedResource {
  const { metadata } = (comment ?? {}) as { metadata?: { path?: string } };
  return { type, name, address: `${type}.${name}`, path: metadata?.path ?? name, attributes };
}

function defaultTags(providers: unknown): ReadonlyMap<string, Attributes> {
  const entries = Object.entries((providers ?? {}) as Record<string, unknown>).flatMap(([type, configured]) =>
    ([configured].flat() as readonly Attributes[]).map((provider) => {
      const reference = provider.alias ? `${type}.${String(provider.alias)}` : type;
      const tags = blocks(provider, 'default_tags').map((block) => block.tags as Attributes | undefined);
      return [reference, Object.assign({}, ...tags) as Attributes] as const;
    }),
  );
  return new Map(entries);
}

/** Path of the construct that stands at a place outside of resources; the stack's own where none does. */
export function pathAt(stack: TerraformStack, at: string): string {
  const owner = stack.node.findAll().find((construct) => {
    const address = addressOf(construct);
    return address !== undefined && `${at}.`.startsWith(`${address}.`);
  });
  return (owner ?? stack).node.path;
}

function addressOf(construct: IConstruct): string | undefined {
  if (construct instanceof TerraformOutput) return `output.${construct.friendlyUniqueId}`;
  if (construct instanceof TerraformVariable) return `variable.${construct.friendlyUniqueId}`;
  if (construct instanceof TerraformLocal) return `locals.${construct.friendlyUniqueId}`;
  if (construct instanceof TerraformDataSource)
    return `data.${construct.terraformResourceType}.${construct.friendlyUniqueId}`;
  return undefined;
}
