/** What a synthesized stack is in Vault's API, resource by resource. */
import { RESOURCE_TYPES, type ApiObject, type ResourceType } from './resource-types';
import { stackResources, type Attributes, type Variables, type VaultStackJson } from './stack-resources';

export interface StackObject {
  /** Of the Terraform resource that it is, or is part of. */
  readonly address: string;
  readonly type: string;
  readonly object: ApiObject;
  /** What the stack sets and what the provider sets for it; a block's as `block.attribute`. */
  attributes(variables: Variables): Attributes;
}

/** Terraform asks for its variables only when it writes; so does whoever compares. */
export const withoutVariables: Variables = () => '';

/**
 * In the order in which they can be made; audit devices first, so that they see all others being made.
 * @throws Error for a type or an attribute that `RESOURCE_TYPES` does not know: it would be left out unseen
 */
export function stackObjects(json: VaultStackJson): StackObject[] {
  const resources = stackResources(json, completed);
  const isDevice = ({ type }: { readonly type: string }): boolean => type === 'vault_audit';
  return [...resources.filter(isDevice), ...resources.filter((r) => !isDevice(r))].flatMap(
    ({ address, type, attributes }) => {
      const resource = typeOf(address, type);
      refuseUnknown(address, resource, attributes(withoutVariables));
      return resource.objects.map((object) => ({ address, type, object, attributes }));
    },
  );
}

function completed(type: string, set: Attributes): Attributes {
  const { blocks = [], preset = {} } = RESOURCE_TYPES[type] ?? {};
  // An auth method stands at its type where no path is given, an audit device too.
  const path = type === 'vault_auth_backend' || type === 'vault_audit' ? { path: set['type'] } : {};
  const own = Object.entries(set).flatMap(([name, value]) =>
    blocks.includes(name) ? blockOf(name, value) : [[name, value]],
  );
  return { ...path, ...preset, ...(Object.fromEntries(own) as Attributes) };
}

function blockOf(name: string, value: unknown): [string, unknown][] {
  const [only, ...more] = (Array.isArray(value) ? value : [value]) as readonly Attributes[];
  if (more.length > 0) throw new Error(`${name}: ${more.length + 1} blocks; allowed: one`);
  return Object.entries(only ?? {}).map(([attribute, item]) => [`${name}.${attribute}`, item]);
}

function typeOf(address: string, type: string): ResourceType {
  const resource = RESOURCE_TYPES[type];
  if (!resource)
    throw new Error(`${address}: unknown type; allowed: ${Object.keys(RESOURCE_TYPES).join(', ')}`);
  return resource;
}

function refuseUnknown(address: string, { place, objects }: ResourceType, attributes: Attributes): void {
  const known = new Set([...place, ...objects.flatMap(({ fields }) => Object.keys(fields))]);
  const unknown = Object.keys(attributes).find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new Error(`${address}: unknown attribute ${unknown}; allowed: ${[...known].join(', ')}`);
}
