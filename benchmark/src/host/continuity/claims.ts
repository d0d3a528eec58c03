/** Who works on a run: each session claims it by writing down, once and for all, what it continues from. */
import * as z from 'zod';
import { InputError } from '../../errors';
import type { Store } from '../aws/s3';
import { claimKey, claimPrefix } from './layout';

const claim = z.object({
  hostId: z.string(),
  at: z.string(),
  restored: z
    .record(z.string(), z.int().nonnegative())
    .describe(
      'Bytes of each append-only file that were in the bucket: what an earlier session adds later does not count.',
    ),
});
export type Claim = z.infer<typeof claim>;

/** Numbers of events that a session may use before those of the next one begin. */
const SEQS_OF_A_SESSION = 1_000_000;

/** Where the numbers of a run's events begin in a session, so that they rise from host to host. */
export const firstSeqOf = (session: number): number => session * SEQS_OF_A_SESSION;

/** Every claim of the run, by the number of its session. @throws InputError when one cannot be read */
export async function claimsOf(store: Store, runId: string): Promise<Claim[]> {
  const keys = await store.list(claimPrefix(runId));
  const texts = await Promise.all(keys.map((key) => store.get(key)));
  return texts.map((text, i) => {
    const parsed = claim.safeParse(jsonOf(text?.toString() ?? ''));
    if (!parsed.success) throw new InputError(`bucket: ${keys[i]} is no claim of a run`);
    return parsed.data;
  });
}

export interface Claimed {
  /** Number of the session, from 0. */
  readonly session: number;
  /** Every claim so far, the last one this session's. */
  readonly claims: readonly Claim[];
}

/**
 * Claims the run for this host.
 * @param restored what there is to continue from, given the claims so far
 * @throws InputError when another host has continued the run since this one claimed it
 */
export async function claimRun(
  store: Store,
  { runId, hostId, now = () => new Date() }: { runId: string; hostId: string; now?: () => Date },
  restored: (claims: readonly Claim[]) => Promise<Claim['restored']>,
): Promise<Claimed> {
  for (;;) {
    const claims = await claimsOf(store, runId);
    const last = claims.at(-1);
    if (last?.hostId !== hostId && claims.some((claim) => claim.hostId === hostId))
      throw new InputError(`run: ${runId} was continued by ${last!.hostId}; allowed: one host at a time`);
    const mine: Claim = { hostId, at: now().toISOString(), restored: await restored(claims) };
    const text = `${JSON.stringify(mine)}\n`;
    if (await store.putNew(claimKey(runId, claims.length), text, 'application/json'))
      return { session: claims.length, claims: [...claims, mine] };
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
