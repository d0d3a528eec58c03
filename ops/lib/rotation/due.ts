/** Which secrets are due: how old each is, and which rotations are not finished. */
import { dueAt, nextStep, ROTATED_AT, ROTATED_VERSION } from './engine';
import type { Kind } from './kind';
import { readRecord } from './record';
import type { VaultSecretsOf } from './secrets';

const DAY_MS = 86_400_000;

export type Standing =
  /** There is no such secret. */
  | { readonly is: 'absent' }
  | { readonly is: 'fresh'; readonly ageDays: number; readonly dueAt: Date }
  | { readonly is: 'due'; readonly ageDays: number }
  /** Its rotation goes on with a step: now, or from a time on. */
  | { readonly is: 'unfinished'; readonly step: string; readonly from: Date };

/** @throws VaultError, CliError when its record cannot be read */
export async function standingOf(kind: Kind, secrets: VaultSecretsOf, now: Date): Promise<Standing> {
  const rotation = await readRecord(secrets, kind.what);
  if (rotation) {
    const step = nextStep(kind, rotation);
    return {
      ...{ is: 'unfinished', step: step?.name ?? 'the end' },
      from: step ? dueAt(step, rotation) : rotation.stepAt,
    };
  }
  const made = await madeAt(kind, secrets);
  if (!made) return { is: 'absent' };
  const ageDays = Math.floor((now.getTime() - made.getTime()) / DAY_MS);
  const due = new Date(made.getTime() + kind.intervalDays * DAY_MS);
  return now < due ? { is: 'fresh', ageDays, dueAt: due } : { is: 'due', ageDays };
}

/** When its value was made. What was written after the last rotation is a person's, and as old as it is. */
async function madeAt({ path }: Kind, secrets: VaultSecretsOf): Promise<Date | undefined> {
  const metadata = await secrets.metadata(path);
  if (!metadata || metadata.deleted) return undefined;
  const { [ROTATED_AT]: at, [ROTATED_VERSION]: version } = metadata.custom;
  const rotated = new Date(at ?? '');
  const isRotated = version === String(metadata.version) && !Number.isNaN(rotated.getTime());
  return isRotated ? rotated : metadata.writtenAt;
}
