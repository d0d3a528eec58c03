/** A delivery from its bytes to its answer: who signed it, whether it is an event, and whether its run takes it. */
import { MAX_EVENT_BYTES, runEvent, type RunEvent } from '@he300/benchmark/contract';
import { hash } from 'node:crypto';
import type { Services } from '../services';
import { environmentOf } from '../store/received-runs';
import { validKeys } from '../store/webhook-keys';
import { signersOf, type Delivery } from './environment-signature';
import { Refused } from './refused';
import { isSignedBy } from './run-signature';
import { takeEvent, type Taken } from './take-event';

export interface Received {
  readonly taken: Taken;
  readonly event: RunEvent;
}

/** What it resolves to is durable. @throws Refused; nothing of the delivery is kept then */
export async function receiveEvent({ store, now }: Services, delivery: Delivery): Promise<Received> {
  const at = now();
  const signers = signersOf(delivery, await validKeys(store.db, at), at);
  if (signers.size === 0) throw new Refused(401, 'the signature or the time does not hold');
  const { id: deliveryId, body, runSignature } = delivery;
  if (body.length > MAX_EVENT_BYTES)
    throw new Refused(413, `${body.length} bytes; allowed: ${MAX_EVENT_BYTES}`);
  const [text, event] = parse(body);
  const environment = environmentOf(event.runId);
  if (!signers.has(environment))
    throw new Refused(403, `the key of ${[...signers].join(', ')} does not speak for ${event.runId}`);
  if (event.type === 'run.started' && event.environment !== environment)
    throw new Refused(422, `environment ${event.environment} is not that of ${event.runId}`);
  const letter = {
    ...{ event, deliveryId, body: text, bodySha256: hash('sha256', body) },
    isSignedBy: (publicKey: string) => isSignedBy(publicKey, body, runSignature),
  };
  return { taken: await store.db.transaction().execute((db) => takeEvent(db, letter, at)), event };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parse(body: Buffer): [string, RunEvent] {
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(body);
    value = JSON.parse(text);
  } catch {
    throw new Refused(422, 'the body is not JSON in UTF-8');
  }
  const { data, error } = runEvent.safeParse(value);
  if (data) return [text, data];
  const { path, message } = error.issues[0]!;
  throw new Refused(422, `${path.join('.') || 'event'}: ${message}`);
}
