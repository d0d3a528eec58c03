/** Gives an environment another key for its deliveries, and writes down who did. */
import { randomBytes } from 'node:crypto';
import { audit } from '../access/audit';
import type { Services } from '../services';
import { keyIdOf, putKey, type NewKey } from '../store/webhook-keys';

type Parts = Pick<Services, 'store' | 'now'>;

/** As `newWebhookKey` in `api/access.ts`. */
export const DEFAULT_OVERLAP_HOURS = 24;

/** @param actor as the audit log names it. @returns whether it was another one before. @throws InputError */
export function setWebhookKey({ store, now }: Parts, wanted: NewKey, actor: string): Promise<boolean> {
  return store.db.transaction().execute(async (db) => {
    const isNew = await putKey(db, wanted, now());
    const { environment, key, overlapHours } = wanted;
    const detail = `${keyIdOf(key)}, the one before is taken for ${overlapHours} h`;
    if (isNew) await audit(db, { actor, action: 'webhook-key.set', target: environment, detail }, now());
    return isNew;
  });
}

/** Makes a key of 256 random bits. @returns it, to be shown this once */
export async function createWebhookKey(
  services: Parts,
  { environment, overlapHours = DEFAULT_OVERLAP_HOURS }: Pick<NewKey, 'environment'> & Partial<NewKey>,
  actor: string,
): Promise<string> {
  const key = `whsec_${randomBytes(32).toString('base64')}`;
  await setWebhookKey(services, { environment, key, overlapHours }, actor);
  return key;
}
