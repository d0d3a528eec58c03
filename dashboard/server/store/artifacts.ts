/** What is known of a run's files. Their bytes are in the artifact store. */
import type { Insertable, Selectable } from 'kysely';
import type { Db } from './database';
import type { ArtifactTable } from './tables';

export type ArtifactRow = Selectable<ArtifactTable>;

export const findArtifact = (db: Db, runId: string, name: string): Promise<ArtifactRow | undefined> =>
  db
    .selectFrom('artifact')
    .selectAll()
    .where('run_id', '=', runId)
    .where('name', '=', name)
    .executeTakeFirst();

/** @returns false when there is one of that name */
export async function insertArtifact(db: Db, row: Insertable<ArtifactTable>): Promise<boolean> {
  const inserted = await db
    .insertInto('artifact')
    .values(row)
    .onConflict((c) => c.columns(['run_id', 'name']).doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}
