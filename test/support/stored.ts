/** Whether a dashboard's store is what its hosts were told it is: looked at from outside, with the server running or dead. */
import { hash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { runEvent } from '../../benchmark/src/contract/event';
import { stateAfter, type RunState } from '../../benchmark/src/contract/state';
import { artifactKey, type ArtifactStore } from '../../dashboard/server/receive/artifact-store';
import type { Store } from '../../dashboard/server/store/database';
import type { Acknowledged } from './storm';

/** What does not hold, a line each: of every run in the store, and of what was acknowledged to the hosts. */
export async function faultsOf(
  { db }: Store,
  artifacts: ArtifactStore,
  acknowledged: readonly Acknowledged[],
): Promise<string[]> {
  const faults: string[] = [];
  const runs = await db.selectFrom('run').selectAll().execute();
  for (const run of runs) {
    const rows = await db
      .selectFrom('event')
      .selectAll()
      .where('run_id', '=', run.id)
      .orderBy('seq')
      .execute();
    const seqs = rows.map(({ seq }) => seq);
    // A host sends one only after the one before has arrived.
    if (seqs.some((seq, i) => seq !== i)) faults.push(`${run.id}: events ${seqs.join(' ')}`);
    const events = rows.map(({ body }) => runEvent.parse(JSON.parse(body!)));
    const state = events.reduce<RunState>(stateAfter, 'PENDING');
    if (run.state !== state) faults.push(`${run.id} is ${run.state}; by its events ${state}`);
    if (run.last_seq !== (seqs.at(-1) ?? -1)) faults.push(`${run.id}: last_seq ${run.last_seq}`);

    const files = await db.selectFrom('artifact').selectAll().where('run_id', '=', run.id).execute();
    for (const { name, sha256, bytes } of files) {
      const body = await bodyOf(artifacts, { runId: run.id, name, sha256 });
      if (body?.length !== bytes || hash('sha256', body) !== sha256)
        faults.push(`${run.id}/${name}: ${body?.length} of ${bytes} bytes, or others`);
    }

    const told = acknowledged.find(({ runId }) => runId === run.id);
    for (const { id, seq, body } of told?.events ?? []) {
      const stored = rows.filter((row) => row.delivery_id === id);
      if (stored.length !== 1 || stored[0]!.seq !== seq || stored[0]!.body !== body)
        faults.push(`${id} was acknowledged, and is there ${stored.length} times`);
    }
    for (const [name, sha256] of told?.artifacts ?? [])
      if (!files.some((file) => file.name === name && file.sha256 === sha256))
        faults.push(`${run.id}/${name} was acknowledged, and is not there`);
  }
  for (const { runId, events } of acknowledged)
    if (events.length > 0 && !runs.some(({ id }) => id === runId)) faults.push(`${runId} is not there`);
  return faults;
}

const bodyOf = async (
  artifacts: ArtifactStore,
  identity: Parameters<typeof artifactKey>[0],
): Promise<Buffer | undefined> =>
  artifacts.get(artifactKey(identity)).then(
    (stream) => buffer(stream),
    () => undefined,
  );
