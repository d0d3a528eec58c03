/** Whose key has signed a delivery, as Standard Webhooks has it: https://www.standardwebhooks.com */
import { createHmac } from 'node:crypto';
import { TIMESTAMP_TOLERANCE_SECONDS } from '@he300/benchmark/contract';
import { isSameText } from '../same-text';
import type { ValidKey } from '../store/webhook-keys';

export interface Delivery {
  readonly id: string;
  /** As the header has it: seconds since 1970. */
  readonly timestamp: string;
  /** As the header has it. */
  readonly signature: string;
  /** Base64 Ed25519; empty when there is none. */
  readonly runSignature: string;
  /** As it came. */
  readonly body: Buffer;
}

/** Printable, and without the full stop that parts it from what follows it in what is signed. */
const ID = /^[!-\-/-~]{1,200}$/;
const TIMESTAMP = /^[1-9]\d{0,11}$/;
/** A sender that goes from one key to the next signs with two. */
const MOST_SIGNATURES = 5;

/** The environments whose valid key has signed it; none when the time is too far off. */
export function signersOf(
  { id, timestamp, signature, body }: Delivery,
  keys: readonly ValidKey[],
  now: Date,
): ReadonlySet<string> {
  const isInTime = Math.abs(now.getTime() / 1000 - Number(timestamp)) <= TIMESTAMP_TOLERANCE_SECONDS;
  if (!ID.test(id) || !TIMESTAMP.test(timestamp) || !isInTime) return new Set();
  const given = signature.split(' ');
  if (given.length > MOST_SIGNATURES) return new Set();
  const signers = keys.filter(({ key }) => {
    const hmac = createHmac('sha256', Buffer.from(key.slice('whsec_'.length), 'base64'));
    const expected = hmac.update(`${id}.${timestamp}.`).update(body).digest('base64');
    return given.some((one) => isSameText(one, `v1,${expected}`));
  });
  return new Set(signers.map(({ environment }) => environment));
}
