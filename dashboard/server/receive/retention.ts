/** Removes what is older than it is to be kept: answers, prompts, deliveries as they came, files; later the audit log. */
import { audit } from '../access/audit';
import type { Services } from '../services';
import type { Db } from '../store/database';
import type { ArtifactRow } from '../store/artifacts';
import { artifactKey } from './artifact-store';
import { DirectoryStore } from './directory-store';

export interface Removed {
  readonly artifacts: number;
  readonly samples: number;
  readonly prompts: number;
  /** Their ids and numbers stay, so that none is taken twice. */
  readonly bodies: number;
  readonly auditEntries: number;
}

const DAY_MS = 86_400_000;
/** Others get their turn in between. */
const AT_ONCE = 200;

/** What is known of a run stays: its figures, its results, its events' ids. */
export async function removeOld(services: Services): Promise<Removed> {
  const { store, config, now, artifacts: files } = services;
  const { db } = store;
  const daysAgo = (days: number): string => new Date(now().getTime() - days * DAY_MS).toISOString();
  const before = daysAgo(config.rawRetentionDays);

  let [artifacts, samples] = [0, 0];
  for (let rows = await oldArtifacts(db, before); rows.length > 0; rows = await oldArtifacts(db, before)) {
    for (const row of rows) {
      // The file first: cut off in between, the row leads here again.
      await files.remove(artifactKey({ ...row, runId: row.run_id }));
      samples += await forget(db, row, now());
      artifacts++;
    }
  }
  const prompts = await db.deleteFrom('prompt').where('seen_at', '<', before).executeTakeFirst();
  const bodies = await removeBodies(db, before);
  const old = await db
    .deleteFrom('audit')
    .where('at', '<', daysAgo(config.auditRetentionDays))
    .executeTakeFirst();
  if (files instanceof DirectoryStore) await files.tidy(now());

  const removed = {
    ...{ artifacts, samples, bodies },
    prompts: Number(prompts.numDeletedRows),
    auditEntries: Number(old.numDeletedRows),
  };
  if (Object.values(removed).some((count) => count > 0)) {
    const change = { actor: 'system', action: 'retention', target: `before ${before}` };
    await audit(db, { ...change, detail: JSON.stringify(removed) }, now());
  }
  return removed;
}

const oldArtifacts = (db: Db, before: string): Promise<ArtifactRow[]> =>
  db.selectFrom('artifact').selectAll().where('stored_at', '<', before).limit(AT_ONCE).execute();

/** @returns how many samples went with it */
const forget = (db: Services['store']['db'], { run_id, name }: ArtifactRow, now: Date): Promise<number> =>
  db.transaction().execute(async (trx) => {
    await trx.deleteFrom('artifact').where('run_id', '=', run_id).where('name', '=', name).execute();
    await trx.updateTable('run').set({ changed_at: now.toISOString() }).where('id', '=', run_id).execute();
    if (name !== 'samples.jsonl') return 0;
    const { numDeletedRows } = await trx.deleteFrom('sample').where('run_id', '=', run_id).executeTakeFirst();
    return Number(numDeletedRows);
  });

async function removeBodies(db: Db, before: string): Promise<number> {
  for (let removed = 0; ;) {
    const { numUpdatedRows } = await db
      .updateTable('event')
      .set({ body: null })
      .where((e) =>
        e(
          e.refTuple('run_id', 'delivery_id'),
          'in',
          e
            .selectFrom('event')
            .select(['run_id', 'delivery_id'])
            .where('received_at', '<', before)
            .where('body', 'is not', null)
            .limit(AT_ONCE)
            .$asTuple('run_id', 'delivery_id'),
        ),
      )
      .executeTakeFirst();
    removed += Number(numUpdatedRows);
    if (numUpdatedRows === 0n) return removed;
  }
}

const EVERY_MS = 6 * 3_600_000;

/** Soon after the start, and every few hours until it is stopped. */
export function startRetention(services: Services, everyMs = EVERY_MS): () => Promise<void> {
  const { log } = services;
  let stopped = false;
  let working: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const work = async (): Promise<void> => {
    try {
      log.info('retention', { ...(await removeOld(services)) });
    } catch (error) {
      log.error('the retention failed', { error });
    }
  };
  const after = (waitMs: number): void => {
    timer = setTimeout(() => (working = work().finally(() => !stopped && after(everyMs))), waitMs).unref();
  };
  after(Math.min(everyMs, 60_000));
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await working;
  };
}
