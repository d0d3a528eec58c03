/** Artifacts for whoever reads them. */
import { buffer } from 'node:stream/consumers';
import type { Services } from '../services';
import { findArtifact } from '../store/artifacts';
import { artifactKey, ArtifactGone } from './artifact-store';

/** Its bytes, or null when there is none of that name (any more). */
export async function readArtifact(
  { store, artifacts }: Pick<Services, 'store' | 'artifacts'>,
  runId: string,
  name: string,
): Promise<Buffer | null> {
  const row = await findArtifact(store.db, runId, name);
  if (!row) return null;
  try {
    return await buffer(await artifacts.get(artifactKey({ runId, name, sha256: row.sha256 })));
  } catch (error) {
    if (error instanceof ArtifactGone) return null;
    throw error;
  }
}
