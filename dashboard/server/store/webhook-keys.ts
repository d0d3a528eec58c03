/** Keys that environments sign their deliveries with: for each the newest, and for a while the one before it. */
import { hash } from 'node:crypto';
import type * as z from 'zod';
import type { webhookKey } from '../../api/access';
import { InputError } from '../errors';
import type { Db } from './database';

export interface NewKey {
  readonly environment: string;
  /** `whsec_` and base64. */
  readonly key: string;
  /** How long the key before it is still taken. */
  readonly overlapHours: number;
}

const HOUR_MS = 3_600_000;

export const keyIdOf = (key: string): string => hash('sha256', key).slice(0, 12);

/**
 * Makes the key its environment's newest. @returns false when it was that before: nothing changes.
 * @throws InputError when another environment has the key: it could speak for both
 */
export async function putKey(
  db: Db,
  { environment, key, overlapHours }: NewKey,
  now: Date,
): Promise<boolean> {
  const key_id = keyIdOf(key);
  const known = await db.selectFrom('webhook_key').selectAll().execute();
  const other = known.find((row) => row.key === key && row.environment !== environment);
  if (other)
    throw new InputError(
      `the key of ${environment} is that of ${other.environment}; allowed: one of its own`,
    );
  const own = known.filter((row) => row.environment === environment);
  const newest = own.find(({ expires_at }) => expires_at === null);
  if (newest?.key === key) return false;

  const gone = own.filter((row) => row !== newest || overlapHours === 0).map((row) => row.key_id);
  if (gone.length > 0)
    await db
      .deleteFrom('webhook_key')
      .where('environment', '=', environment)
      .where('key_id', 'in', gone)
      .execute();
  const expires_at = new Date(now.getTime() + overlapHours * HOUR_MS).toISOString();
  await db
    .updateTable('webhook_key')
    .set({ expires_at })
    .where('environment', '=', environment)
    .where('expires_at', 'is', null)
    .execute();
  const created_at = now.toISOString();
  await db
    .insertInto('webhook_key')
    .values({ environment, key_id, key, created_at, expires_at: null })
    .execute();
  return true;
}

/** The newest first in each environment; those that have expired are left out. */
export async function listKeys(db: Db, now: Date): Promise<z.output<typeof webhookKey>[]> {
  const rows = await validRows(db, now).orderBy('environment').orderBy('created_at', 'desc').execute();
  return rows.map(({ environment, key_id, created_at, expires_at }) => ({
    environment,
    keyId: key_id,
    createdAt: created_at,
    expiresAt: expires_at,
  }));
}

export interface ValidKey {
  readonly environment: string;
  /** `whsec_` and base64. */
  readonly key: string;
}

/** Of all environments. */
export const validKeys = (db: Db, now: Date): Promise<ValidKey[]> => validRows(db, now).execute();

const validRows = (db: Db, now: Date) =>
  db
    .selectFrom('webhook_key')
    .selectAll()
    .where((e) => e.or([e('expires_at', 'is', null), e('expires_at', '>', now.toISOString())]));
