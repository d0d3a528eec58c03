/** The record of a rotation that is not finished: in Vault, so that any machine can go on with it. */
import { VAULT_PATHS } from '../../../benchmark/src/contract/vault';
import { CliError } from '../cli';
import type { Fields, Rotation } from './kind';
import type { VaultSecretsOf } from './secrets';

/** Before the names of the next values, among the record's own fields. */
const NEXT = 'next_';
const YES = 'yes';

export interface Recorded extends Rotation {
  /** Of the record in Vault, which the next must follow. */
  readonly version: number;
}

/** `api-key/dashboard` has no folder of its own. */
const pathOf = (what: string): string => VAULT_PATHS.rotation(what.replaceAll('/', '-'));

/** Undefined when no rotation is under way. @throws VaultError, CliError when the record is none of ours */
export async function readRecord(secrets: VaultSecretsOf, what: string): Promise<Recorded | undefined> {
  const found = await secrets.read(pathOf(what));
  if (!found) return undefined;
  const { id, step, step_at: stepAt, started_at: startedAt } = found.fields;
  const times = [stepAt, startedAt].map((text) => new Date(text ?? ''));
  if (!id || !step || times.some((time) => Number.isNaN(time.getTime())))
    throw new CliError(`${what}: ${pathOf(what)} in Vault is no record of a rotation; allowed: delete it`);
  const next = Object.entries(found.fields)
    .filter(([name]) => name.startsWith(NEXT))
    .map(([name, value]) => [name.slice(NEXT.length), value] as const);
  return {
    ...{ id, step, stepAt: times[0]!, startedAt: times[1]! },
    ...{ leaked: found.fields['leaked'] === YES, again: found.fields['again'] === YES },
    ...{ next: Object.fromEntries(next), version: found.version },
  };
}

/**
 * Writes how far it has come.
 * @param version of the record that it follows, 0 for the first
 * @throws VaultError, CliError when another rotate was faster
 */
export async function writeRecord(
  secrets: VaultSecretsOf,
  what: string,
  rotation: Rotation,
  version: number,
): Promise<Recorded> {
  const { id, step, stepAt, startedAt, leaked, again, next } = rotation;
  const fields: Fields = {
    ...{ id, step, step_at: stepAt.toISOString(), started_at: startedAt.toISOString() },
    ...{ ...(leaked ? { leaked: YES } : {}), ...(again ? { again: YES } : {}) },
    ...Object.fromEntries(Object.entries(next).map(([name, value]) => [`${NEXT}${name}`, value])),
  };
  const written = await secrets.writeAfter(pathOf(what), fields, version);
  if (written === undefined) throw overtaken(what);
  return { ...rotation, version: written };
}

export const overtaken = (what: string): CliError =>
  new CliError(`${what}: another rotate is at it; allowed: again when that one has ended`);

/** Ends the record, with all its versions: the next values stand in it. @throws VaultError */
export const dropRecord = (secrets: VaultSecretsOf, what: string): Promise<void> =>
  secrets.drop(pathOf(what));
