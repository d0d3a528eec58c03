/** Holds a live Vault against a synthesized stack. Reads only. */
import { VaultError } from '@he300/benchmark/vault';
import { VAULT_MOUNTS, type Names } from '../../../constructs/naming/names';
import { isAbsence, differences, readObject, type Access, type Difference } from './live-object';
import { stackObjects, withoutVariables } from './stack-objects';
import type { VaultStackJson } from './stack-resources';

export interface Drift {
  readonly kind:
    | 'missing'
    | 'differs'
    /** There, under a name of the environment or with what it allows, and in no stack. */
    | 'extra'
    /** The token at hand may not read it. */
    | 'unseen';
  /** Below `/v1/`. */
  readonly path: string;
  /** What is wrong with it. @default - that it is there, or is not */
  readonly detail?: string;
}

export interface CompareOptions extends Access {
  /** Of the stack's environment. */
  readonly names: Names;
}

/**
 * Every difference between the two, in the stack's order; what is there and should not be comes last. Secrets are not
 * compared, for Vault does not tell them.
 * @throws VaultError when Vault does not answer
 * @throws Error for a stack that cannot be read
 */
export async function compareVaultStack(json: VaultStackJson, options: CompareOptions): Promise<Drift[]> {
  const drifts: Drift[] = [];
  const wanted = new Set<string>();
  const policies = new Set<string>();
  for (const { object, type, attributes } of stackObjects(json)) {
    const set = attributes(withoutVariables);
    const path = object.path(set);
    wanted.add(path);
    if (type === 'vault_policy') policies.add(String(set['name']));
    const found = await seen(path, () => readObject(options, object, set));
    if (!found) drifts.push({ kind: 'missing', path });
    else if ('unseen' in found) drifts.push(found.unseen);
    else
      for (const difference of differences(object, set, found.value))
        drifts.push({ kind: 'differs', path, detail: detailOf(difference) });
  }
  return [...drifts, ...(await extras(options, wanted, policies))];
}

/** One line for people. */
export const driftLine = ({ kind, path, detail }: Drift): string =>
  `${kind.padEnd(7)}  ${path}${detail === undefined ? '' : `: ${detail}`}`;

async function extras(
  access: CompareOptions,
  wanted: ReadonlySet<string>,
  policies: ReadonlySet<string>,
): Promise<Drift[]> {
  const { prefix, vault } = access.names;
  const isOurs = (name: string): boolean => name === prefix || name.startsWith(`${prefix}-`);
  const { github, aws, appRole, database } = VAULT_MOUNTS;
  const roles = [github, aws, appRole, vault.kubernetesMount].map((mount) => `auth/${mount}/role`);
  const drifts: Drift[] = [];
  for (const list of ['sys/policies/acl', ...roles, `${database}/config`, `${database}/roles`, 'sys/auth']) {
    const found = await seen(list, () => namesIn(access, list));
    if (found && 'unseen' in found) drifts.push(found.unseen);
    if (!found || 'unseen' in found) continue;
    for (const name of found.value.filter((name) => !wanted.has(`${list}/${name}`))) {
      const path = `${list}/${name}`;
      if (isOurs(name)) drifts.push({ kind: 'extra', path });
      else if (roles.includes(list)) drifts.push(...(await grantsOurs(access, path, policies)));
    }
  }
  return drifts;
}

async function namesIn({ client, token }: Access, list: string): Promise<readonly string[] | undefined> {
  try {
    if (list === 'sys/auth') {
      const { data } = await client.send({ method: 'GET', path: list, token });
      return Object.keys(data).map((name) => name.replace(/\/$/, ''));
    }
    const { data } = await client.send<{ keys: readonly string[] }>({ method: 'LIST', path: list, token });
    return data.keys;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/** A role of somebody else that hands out what is ours. Those of another environment may be hidden from the token at hand. */
async function grantsOurs(access: Access, path: string, policies: ReadonlySet<string>): Promise<Drift[]> {
  const found = await seen(
    path,
    async () => (await access.client.send({ method: 'GET', path, token: access.token })).data,
  );
  if (!found || 'unseen' in found) return [];
  const given = found.value['token_policies'];
  const ours = Array.isArray(given) ? given.map(String).filter((policy) => policies.has(policy)) : [];
  return ours.length === 0 ? [] : [{ kind: 'extra', path, detail: `gives ${ours.join(', ')}` }];
}

type Seen<T> = { readonly value: T } | { readonly unseen: Drift } | undefined;

async function seen<T>(path: string, read: () => Promise<T | undefined>): Promise<Seen<T>> {
  try {
    const value = await read();
    return value === undefined ? undefined : { value };
  } catch (error) {
    if (error instanceof VaultError && error.problem === 'denied')
      return { unseen: { kind: 'unseen', path, detail: 'the token may not read it' } };
    throw error;
  }
}

function detailOf({ parameter, found, wanted }: Difference): string {
  if (typeof found === 'string' && typeof wanted === 'string' && (found + wanted).includes('\n'))
    return lineOf(parameter, found.split('\n'), wanted.split('\n'));
  return `${parameter}: ${JSON.stringify(found)}; wanted: ${JSON.stringify(wanted)}`;
}

/** The first line in which two texts differ. */
function lineOf(parameter: string, found: readonly string[], wanted: readonly string[]): string {
  const at = wanted.findIndex((line, index) => line !== found[index]);
  const index = at === -1 ? wanted.length : at;
  const line = (lines: readonly string[]) => JSON.stringify(lines[index] ?? '');
  return `${parameter}, line ${index + 1}: ${line(found)}; wanted: ${line(wanted)}`;
}
