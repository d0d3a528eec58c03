/** Rotations that are cut, or killed, at each of their requests in turn, and followed by one that is not. */
import { VaultClient } from '../../benchmark/src/vault';
import type { Kind } from '../../ops/lib/rotation/kind';
import { VaultSecretsOf } from '../../ops/lib/rotation/secrets';
import { Fuse, type FuseOptions } from './fuse';
import type { RotationWorld } from './rotation-world';

export interface Consumers {
  /** Whoever has read the secret before the rotation, and whoever reads it now: both are served. */
  inOverlap(): Promise<void>;
  /** Whoever reads it now is served, and nobody else. */
  atTheEnd(): Promise<void>;
}

interface Options {
  readonly world: RotationWorld;
  readonly kind: Kind;
  /** Those of one more rotation. */
  readonly consumers: () => Promise<Consumers>;
}

/** @returns how many rotations were cut */
export async function cutAtEveryRequest(options: Options): Promise<number> {
  let cut = 0;
  for (const dead of [true, false])
    for (const heard of [true, false])
      for (let at = 1; await isCut(options, { at, heard, dead }); at++) cut++;
  return cut;
}

/** One rotation to its end. @returns whether it came to that request */
async function isCut(
  { world, kind, consumers }: Options,
  moment: Pick<FuseOptions, 'at' | 'heard' | 'dead'>,
): Promise<boolean> {
  const living = await consumers();
  const before = await world.rotatedAt(kind);
  let check = (): Promise<void> => living.inOverlap();
  // Thrown in the middle of a request it would look like one that was lost.
  const faults: unknown[] = [];
  const after = () => check().catch((error: unknown) => void faults.push(error));
  const fuse = new Fuse({ ...moment, after });
  const healthy = new Fuse({ at: Infinity, heard: true, dead: false, after });
  for (let ask = fuse.fetch; ;) {
    try {
      const outcome = await world.rotate(kind, { fetch: ask, secrets: secretsOver(world, ask) });
      if (outcome.did === 'rotated') break;
      world.passUntil(outcome.until);
      // Whoever has read the secret before had its time.
      check = () => Promise.resolve();
    } catch (error) {
      if (!fuse.blown || ask === healthy.fetch) throw error;
      await check();
      // Only the last answer of all was lost: there is nothing to go on with.
      if ((await world.unfinished()).length === 0 && (await world.rotatedAt(kind)) !== before) break;
      ask = healthy.fetch;
    }
  }
  if (faults.length > 0) throw faults[0];
  await living.atTheEnd();
  expect(await world.unfinished()).toEqual([]);
  return fuse.blown;
}

function secretsOver({ vault, env, token }: RotationWorld, ask: typeof fetch): VaultSecretsOf {
  const client = new VaultClient({ address: vault.address, fetch: ask });
  return new VaultSecretsOf({ client, mount: env.secrets.mount, token: () => Promise.resolve(token) });
}
