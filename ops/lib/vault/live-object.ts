/** One object of Vault's API beside what the stack wants it to be: read, held against it, made, changed. */
import { VaultError, type VaultClient, type VaultRequest } from '@he300/benchmark/vault';
import { CliError } from '../cli';
import { emptyOf, inForm, same } from './forms';
import type { ApiObject, Field } from './resource-types';
import type { Attributes } from './stack-resources';

export interface Access {
  readonly client: VaultClient;
  readonly token: string;
}

export interface Difference {
  /** Name in Vault's API. */
  readonly parameter: string;
  readonly found: unknown;
  readonly wanted: unknown;
}

/** A parameter is one by its name in the API, `config.x` for what is answered within `config`. */
type Parameters = Readonly<Record<string, unknown>>;

/** Undefined when it is not there. @throws VaultError */
export async function readObject(
  { client, token }: Access,
  object: ApiObject,
  attributes: Attributes,
): Promise<Parameters | undefined> {
  const path = object.path(attributes);
  const [list = '', name = ''] = object.how === 'device' ? parted(path) : [path];
  const answer = await send(client, { method: 'GET', path: list, token });
  const found = object.how === 'device' ? answer?.[`${name}/`] : answer;
  return found ? unnested(found as Parameters, object.nested) : undefined;
}

async function send(client: VaultClient, request: VaultRequest): Promise<Parameters | undefined> {
  try {
    return (await client.send<Parameters>(request)).data;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/** A mount that is not there is answered with HTTP 400. */
export const isAbsence = (error: unknown): boolean =>
  error instanceof VaultError &&
  (error.problem === 'not-found' || error.errors.some((line) => /^no (auth|secret) engine/i.test(line)));

/** Where what is there is not what the stack wants, what the stack leaves unset included. */
export function differences(object: ApiObject, attributes: Attributes, found: Parameters): Difference[] {
  const compared = Object.entries(object.fields).filter(([, { hidden }]) => hidden === undefined);
  const known = new Set([...compared.map(parameterOf), ...(object.computed ?? [])]);
  return [
    ...compared.flatMap((entry): Difference[] => {
      const [attribute, field] = entry;
      const parameter = parameterOf(entry);
      const wanted = valueOf(field, attributes[attribute]);
      const there = valueOf(field, found[parameter]);
      return same(wanted, there) ? [] : [{ parameter, found: there, wanted }];
    }),
    ...Object.entries(found)
      .filter(([parameter, value]) => !known.has(parameter) && !isEmpty(value))
      .map(([parameter, value]) => ({ parameter, found: value, wanted: emptied(value) })),
  ];
}

/** @throws VaultError */
export async function makeObject({ client, token }: Access, object: ApiObject, attributes: Attributes) {
  const parameters = setBy(object, attributes);
  const body = object.how === 'mount' ? nested(parameters) : flat(parameters);
  await client.send({ method: 'POST', path: object.path(attributes), body, token });
}

/**
 * Brings what is there to what the stack wants. Secrets are not written again: Vault keeps those it has.
 * @throws VaultError
 * @throws CliError when a mount would have to be another one
 */
export async function changeObject(
  access: Access,
  object: ApiObject,
  attributes: Attributes,
  differing: readonly Difference[],
): Promise<void> {
  const { client, token } = access;
  const path = object.path(attributes);
  if (object.how === 'device') {
    await client.send({ method: 'DELETE', path, token });
    return makeObject(access, object, attributes);
  }
  const missing = Object.fromEntries(differing.map(({ parameter, wanted }) => [parameter, wanted]));
  if (object.how !== 'mount') {
    const body = flat({ ...missing, ...setBy(object, attributes, { secrets: false }) });
    await client.send({ method: 'POST', path, body, token });
    return;
  }
  const fixed = differing.find(({ parameter }) => FIXED.has(parameter));
  if (fixed)
    throw new CliError(
      `${path}: ${fixed.parameter} is ${JSON.stringify(fixed.found)}, and a mount keeps it; wanted: ${JSON.stringify(fixed.wanted)}`,
    );
  await client.send({ method: 'POST', path: `${path}/tune`, body: flat(missing), token });
}

/** What a mount is made with once. */
const FIXED = new Set(['type', 'local', 'seal_wrap', 'external_entropy_access']);

const parameterOf = ([attribute, { as }]: readonly [string, Field]): string => as ?? attribute;

function valueOf({ form, preset }: Field, value: unknown): unknown {
  const given = inForm(form, value);
  return preset !== undefined && (value === undefined || value === null || same(given, ''))
    ? inForm(form, preset)
    : given;
}

function setBy(object: ApiObject, attributes: Attributes, { secrets = true } = {}): Parameters {
  const set = Object.entries(object.fields).filter(
    ([attribute, { hidden }]) =>
      attributes[attribute] !== undefined && hidden !== 'terraform' && (secrets || hidden !== 'secret'),
  );
  return Object.fromEntries(
    set.map((entry) => {
      const [attribute, { form }] = entry;
      const value = attributes[attribute];
      return [parameterOf(entry), form === 'claims' ? inForm(form, value) : value];
    }),
  );
}

/** `sys/audit/file` is `file` in `sys/audit`. */
const parted = (path: string): [string, string] => {
  const at = path.lastIndexOf('/');
  return [path.slice(0, at), path.slice(at + 1)];
};

function unnested(answer: Parameters, inner: ApiObject['nested']): Parameters {
  if (inner === undefined) return answer;
  const { [inner]: within, ...rest } = answer;
  const entries = Object.entries((within ?? {}) as Parameters);
  return { ...rest, ...Object.fromEntries(entries.map(([name, value]) => [`${inner}.${name}`, value])) };
}

function nested(parameters: Parameters): Parameters {
  const config = Object.entries(parameters).filter(([name]) => name.startsWith('config.'));
  const rest = Object.entries(parameters).filter(([name]) => !name.startsWith('config.'));
  return { ...Object.fromEntries(rest), config: flat(Object.fromEntries(config)) };
}

const flat = (parameters: Parameters): Parameters =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name.slice(name.indexOf('.') + 1), value]),
  );

const isEmpty = (value: unknown): boolean =>
  value === null || ['""', '0', 'false', '[]', '{}'].includes(JSON.stringify(value));

function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return emptyOf('list');
  const forms = { string: 'text', number: 'number', boolean: 'flag' } as const;
  return emptyOf(forms[typeof value as keyof typeof forms] ?? 'map');
}
