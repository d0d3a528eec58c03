/** Sessions of the page: a random id in a cookie, its hash here. A session is never worth more than its token is now. */
import { randomBytes } from 'node:crypto';
import type { Db } from './database';
import { secretSha256, validTokens, type KnownToken } from './tokens';

export const SESSION_SECONDS = 7 * 86_400;

export interface KnownSession extends KnownToken {
  readonly csrfToken: string;
}

export async function createSession(
  db: Db,
  tokenId: string,
  now: Date,
): Promise<{ readonly id: string; readonly csrfToken: string }> {
  const [id, csrfToken] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')];
  await db.deleteFrom('session').where('expires_at', '<=', now.toISOString()).execute();
  await db
    .insertInto('session')
    .values({
      id_sha256: secretSha256(id),
      token_id: tokenId,
      csrf_token: csrfToken,
      created_at: now.toISOString(),
      expires_at: new Date(now.getTime() + SESSION_SECONDS * 1000).toISOString(),
    })
    .execute();
  return { id, csrfToken };
}

export const sessionOf = (db: Db, id: string, now: Date): Promise<KnownSession | undefined> =>
  validTokens(db, now)
    .innerJoin('session', 'session.token_id', 'token.id')
    .select(['token.id', 'token.name', 'token.role', 'token.environment', 'session.csrf_token as csrfToken'])
    .where('session.id_sha256', '=', secretSha256(id))
    .where('session.expires_at', '>', now.toISOString())
    .executeTakeFirst();

export async function endSession(db: Db, id: string): Promise<void> {
  await db.deleteFrom('session').where('id_sha256', '=', secretSha256(id)).execute();
}
