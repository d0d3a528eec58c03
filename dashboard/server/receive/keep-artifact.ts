/** An upload from its bytes to its row: checked as it goes by, durable before it is answered. */
import { MAX_ARTIFACT_BYTES, type Artifact } from '@he300/benchmark/contract';
import { audit } from '../access/audit';
import type { Services } from '../services';
import { findArtifact, insertArtifact } from '../store/artifacts';
import { lockRun, updateRun } from '../store/received-runs';
import { artifactKey } from './artifact-store';
import { checked, TooLarge, WrongDigest } from './checked';
import { Refused } from './refused';
import { READ_NAMES, settle } from './settle';

/** What is known before the first byte comes. */
export type Announced = Omit<Artifact, 'bytes'>;

/** `repeated`: the same bytes were kept before. */
export type Kept = 'kept' | 'repeated';

/** @throws Refused; whatever else is thrown is ours, and the same upload may succeed later */
export async function keepArtifact(
  services: Services,
  announced: Announced,
  body: AsyncIterable<Uint8Array>,
  actor: string,
): Promise<Kept> {
  const { runId, name, sha256 } = announced;
  const kept = await keepBytes(services, announced, body, actor);
  if (READ_NAMES.includes(name)) await settle(services, runId, name);
  services.log.info('an artifact came', { runId, name, sha256, kept });
  return kept;
}

async function keepBytes(
  services: Services,
  announced: Announced,
  body: AsyncIterable<Uint8Array>,
  actor: string,
): Promise<Kept> {
  const { store, artifacts } = services;
  const { runId, name, sha256 } = announced;
  let bytes = 0;
  const expected = { sha256, mostBytes: MAX_ARTIFACT_BYTES, onBytes: (n: number) => (bytes = n) };
  try {
    const before = await findArtifact(store.db, runId, name);
    if (before) {
      for await (const _ of checked(body, expected));
      return repeatedOrRefused(before.sha256, announced);
    }
    await artifacts.put(artifactKey(announced), checked(body, expected));
  } catch (error) {
    if (error instanceof TooLarge) throw new Refused(413, `${name}: ${error.message}`);
    if (error instanceof WrongDigest) throw new Refused(422, `${name}: ${error.message}`);
    throw error;
  }
  const standing = await insertRow(services, announced, bytes, actor);
  if (standing === undefined) return 'kept';
  if (standing !== sha256) await artifacts.remove(artifactKey(announced));
  return repeatedOrRefused(standing, announced);
}

function repeatedOrRefused(standing: string, { name, sha256 }: Announced): Kept {
  if (standing !== sha256)
    throw new Refused(409, `${name} is kept with SHA-256 ${standing}; allowed: another name`);
  return 'repeated';
}

/** @returns the SHA-256 of what another upload has put there meanwhile */
async function insertRow(
  { store, now }: Services,
  { runId, name, kind, sha256, contentType }: Announced,
  bytes: number,
  actor: string,
): Promise<string | undefined> {
  const at = now();
  const stored_at = at.toISOString();
  return store.db.transaction().execute(async (db) => {
    await lockRun(db, runId, at);
    const row = { run_id: runId, name, kind, bytes, sha256, content_type: contentType, stored_at };
    if (!(await insertArtifact(db, row))) return (await findArtifact(db, runId, name))!.sha256;
    await updateRun(db, runId, { changed_at: stored_at });
    const detail = `${bytes} bytes, SHA-256 ${sha256}`;
    await audit(db, { actor, action: 'artifact.keep', target: `${runId}/${name}`, detail }, at);
    return undefined;
  });
}
