/** Tokens: what a program shows to be let in, and what a person signs in with. Only their hashes are kept. */
import { hash, randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type * as z from 'zod';
import type { newToken, Role, Token } from '../../api/access';
import type { Db } from './database';
import type { TokenTable } from './tables';

const DAY_MS = 86_400_000;

export const secretSha256 = (secret: string): string => hash('sha256', secret);

/** The secret is returned this once. */
export async function createToken(
  db: Db,
  { name, role, environment, expiresInDays }: z.output<typeof newToken>,
  now: Date,
): Promise<Token & { readonly secret: string }> {
  const secret = `he300_${randomBytes(32).toString('base64url')}`;
  const row = {
    id: randomBytes(8).toString('hex'),
    name,
    role,
    environment,
    secret_sha256: secretSha256(secret),
    created_at: now.toISOString(),
    expires_at:
      expiresInDays === null ? null : new Date(now.getTime() + expiresInDays * DAY_MS).toISOString(),
    last_used_at: null,
    revoked_at: null,
  };
  await db.insertInto('token').values(row).execute();
  return { ...shown(row), secret };
}

/** The newest first. */
export async function listTokens(db: Db): Promise<Token[]> {
  const rows = await db.selectFrom('token').selectAll().orderBy('created_at', 'desc').orderBy('id').execute();
  return rows.map(shown);
}

/** By id, or by name where no other valid token has it. Undefined: there is none, or it was revoked before. */
export async function revokeToken(db: Db, idOrName: string, now: Date): Promise<Token | undefined> {
  const found = await db
    .selectFrom('token')
    .selectAll()
    .where((e) => e.or([e('id', '=', idOrName), e('name', '=', idOrName)]))
    .where('revoked_at', 'is', null)
    .execute();
  const row = found.find(({ id }) => id === idOrName) ?? (found.length === 1 ? found[0] : undefined);
  if (!row) return undefined;
  const revoked = { ...row, revoked_at: now.toISOString() };
  await db.updateTable('token').set({ revoked_at: revoked.revoked_at }).where('id', '=', row.id).execute();
  await db.deleteFrom('session').where('token_id', '=', row.id).execute();
  return shown(revoked);
}

export const countTokens = async (db: Db): Promise<number> =>
  Number(
    (
      await db
        .selectFrom('token')
        .select((e) => e.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  );

export interface KnownToken {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly environment: string | null;
}

const KNOWN = ['token.id', 'token.name', 'token.role', 'token.environment', 'token.last_used_at'] as const;

/** The token with this secret, where it is still valid. Notes that it was used. */
export async function tokenOfSecret(db: Db, secret: string, now: Date): Promise<KnownToken | undefined> {
  const token = await validTokens(db, now)
    .select(KNOWN)
    .where('secret_sha256', '=', secretSha256(secret))
    .executeTakeFirst();
  if (token) await noteUse(db, token, now);
  return token;
}

/** Neither revoked nor expired. */
export const validTokens = (db: Db, now: Date) =>
  db
    .selectFrom('token')
    .where('token.revoked_at', 'is', null)
    .where((e) => e.or([e('token.expires_at', 'is', null), e('token.expires_at', '>', now.toISOString())]));

/** To the hour: a write for each request would cost more than the request. */
async function noteUse(db: Db, token: Pick<TokenTable, 'id' | 'last_used_at'>, now: Date): Promise<void> {
  const hour = new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000).toISOString();
  if (token.last_used_at === hour) return;
  // Where the store is full or locked, reading goes on.
  await db
    .updateTable('token')
    .set({ last_used_at: hour })
    .where('id', '=', token.id)
    .execute()
    .catch(() => undefined);
}

const shown = (row: Selectable<TokenTable>): Token => ({
  id: row.id,
  name: row.name,
  role: row.role,
  environment: row.environment,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
  revokedAt: row.revoked_at,
});
