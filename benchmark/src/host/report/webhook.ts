/** One delivery of one event, as Standard Webhooks has it: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
import { createHmac } from 'node:crypto';
import { DELIVERY_ANSWERS, DELIVERY_HEADERS, EVENTS_PATH } from '../../contract/delivery';
import { retryAfterMs } from '../../engines/http/retry-after';
import { messageOf } from '../log/host-log';
import type { Secret } from '../log/secret';
import type { Letter } from './outbox';
import type { ServerClock } from './server-clock';

export type Outcome =
  | { readonly kind: 'arrived' }
  | { readonly kind: 'refused' | 'unauthorized' | 'gone'; readonly why: string }
  | { readonly kind: 'later'; readonly why: string; readonly retryAfterMs: number | undefined };

const TIME_LIMIT_MS = 15_000;
/** Of what a server says, so much is worth a log line. */
const MOST_WORDS = 200;

/** `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`. @param key `whsec_` and base64 */
export function signatureOf(key: Secret, id: string, timestamp: number, body: string): string {
  const bytes = Buffer.from(key.reveal().replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', bytes).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

export async function deliver(
  { id, body, runSignature }: Letter,
  { url, key, clock }: { readonly url: string; readonly key: Secret; readonly clock: ServerClock },
): Promise<Outcome> {
  const timestamp = clock.nowSeconds();
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    [DELIVERY_HEADERS.id]: id,
    [DELIVERY_HEADERS.timestamp]: String(timestamp),
    [DELIVERY_HEADERS.signature]: signatureOf(key, id, timestamp, body),
    ...(runSignature === null ? {} : { [DELIVERY_HEADERS.runSignature]: runSignature }),
  };
  const sentMs = Date.now();
  try {
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    // A signature is for this server: it goes to no other.
    const response = await fetch(below(url, EVENTS_PATH), {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal,
    });
    clock.observe(response.headers.get('date'), sentMs, Date.now());
    return outcomeOf(response, await response.text());
  } catch (error) {
    return { kind: 'later', why: messageOf(error), retryAfterMs: undefined };
  }
}

function outcomeOf({ status, ok, headers }: Response, text: string): Outcome {
  if (ok) return { kind: 'arrived' };
  const why = `HTTP ${status} ${text.slice(0, MOST_WORDS)}`.trim();
  const is = (statuses: readonly number[]): boolean => statuses.includes(status);
  if (is(DELIVERY_ANSWERS.refused)) return { kind: 'refused', why };
  if (is(DELIVERY_ANSWERS.unauthorized)) return { kind: 'unauthorized', why };
  if (status === DELIVERY_ANSWERS.gone) return { kind: 'gone', why };
  return {
    kind: 'later',
    why,
    retryAfterMs: retryAfterMs(headers.get('retry-after') ?? undefined, Date.now()),
  };
}

/** A dashboard may live below a path of its own. */
export const below = (url: string, path: string): string => `${url.replace(/\/+$/, '')}${path}`;
