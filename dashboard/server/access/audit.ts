/** The audit log: who changed what. Written in the transaction of the change, so that neither is there without the other. */
import { randomBytes } from 'node:crypto';
import type { Db } from '../store/database';

export interface Change {
  /** Name of the token, `host:<environment>`, `cli` or `system`. */
  readonly actor: string;
  /** Such as `token.create`. */
  readonly action: string;
  readonly target: string;
  /** @default - nothing more to say */
  readonly detail?: string | null;
}

export async function audit(
  db: Db,
  { actor, action, target, detail = null }: Change,
  now: Date,
): Promise<void> {
  const at = now.toISOString();
  // Ids of one millisecond sort by chance, which is enough: pages only need some fixed order.
  const id = `${now.getTime().toString(36).padStart(9, '0')}-${randomBytes(8).toString('hex')}`;
  await db.insertInto('audit').values({ id, at, actor, action, target, detail }).execute();
}
