/** The rules by which an event of a run is taken, stored unheeded, or refused. All in one transaction. */
import { type RunEvent } from '@he300/benchmark/contract';
import { audit } from '../access/audit';
import type { Db } from '../store/database';
import { refreshModel } from '../store/known-models';
import {
  eventsLike,
  insertEvent,
  lockRun,
  replaceCategories,
  updateRun,
  type RunRow,
  type StoredEvent,
} from '../store/received-runs';
import { changesBy } from './apply-event';
import { isSilent } from './lost';
import { Refused } from './refused';

export interface Letter extends StoredEvent {
  readonly event: RunEvent;
  /** Whether the key (raw Ed25519, base64) has signed it. */
  readonly isSignedBy: (publicKey: string) => boolean;
}

/** `repeated`: it was there. `late`: a later one was taken before; it is kept and changes nothing. */
export type Taken = 'taken' | 'repeated' | 'late';

/** @param db a transaction, which the caller gives up when this throws. @throws Refused */
export async function takeEvent(db: Db, letter: Letter, now: Date): Promise<Taken> {
  const { event, deliveryId, bodySha256 } = letter;
  const { runId, seq } = event;
  const run = await lockRun(db, runId, now);

  const alike = await eventsLike(db, runId, deliveryId, seq);
  const other = alike.find((one) => one.body_sha256 !== bodySha256);
  if (other?.delivery_id === deliveryId) throw new Refused(422, `${deliveryId} has another body than before`);
  if (other) throw new Refused(422, `seq ${seq} of ${runId} is that of ${other.delivery_id}`);
  if (alike.length > 0) return 'repeated';

  const publicKey = keyAfter(letter, isSilent(run, now) ? { ...run, state: 'LOST' } : run);
  await insertEvent(db, event, letter, now);
  const isRegistered = publicKey !== run.public_key;
  // What came before there was a key may be anybody's: its numbers bind nobody.
  if (seq <= run.last_seq && !isRegistered) return 'late';
  const changes = changesBy(event, run, publicKey, now);
  await updateRun(db, runId, changes);
  if (isRegistered)
    await audit(
      db,
      {
        actor: `host:${run.environment}`,
        action: run.public_key === null ? 'run.register-key' : 'run.replace-key',
        target: runId,
        detail: publicKey,
      },
      now,
    );
  if (event.type === 'run.completed' && changes.state !== undefined) {
    await replaceCategories(db, runId, event.categories);
    await refreshModel(db, run.model!, run.spec!, now);
  }
  return 'taken';
}

/** The key that speaks for the run after the event. @throws Refused when the one before it does not allow the event */
function keyAfter({ event, isSignedBy }: Letter, run: RunRow): string | null {
  const { public_key: known, state, last_seq } = run;
  if (event.type !== 'run.started') {
    if (known === null && !['run.heartbeat', 'run.failed'].includes(event.type))
      throw new Refused(422, `${event.type} before run.started`);
    if (known !== null && !isSignedBy(known)) throw new Refused(422, "it is not signed by the run's key");
    return known;
  }
  if (known === null) return event.publicKey;
  if (known === event.publicKey) {
    if (!isSignedBy(known)) throw new Refused(422, 'the run has begun, and this is not signed by its key');
    return known;
  }
  if (!event.resumed) throw new Refused(422, 'another key, and not resumed');
  if (state !== 'FAILED' && state !== 'LOST')
    throw new Refused(409, `the run is ${state}, and another key speaks for it`);
  if (event.seq <= last_seq) throw new Refused(422, `seq ${event.seq} of a resumed run after ${last_seq}`);
  return event.publicKey;
}
