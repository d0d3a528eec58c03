/** How an event travels: Standard Webhooks (https://www.standardwebhooks.com), and the run's own signature beside it. */

/** Where the dashboard takes events, below its own address: `POST`, one event a request. */
export const EVENTS_PATH = '/api/webhooks/he300';

/** Names of the headers of a delivery, lower-case. */
export const DELIVERY_HEADERS = {
  /** Constant over retries. */
  id: 'webhook-id',
  /** Seconds since 1970 of this attempt. */
  timestamp: 'webhook-timestamp',
  /** Space-separated `v1,<base64 HMAC-SHA256 of "id.timestamp.body">`, by the environment's key. */
  signature: 'webhook-signature',
  /**
   * Base64 Ed25519 signature of the body's bytes, by the run's key; absent on the event that registers the key. Before that
   * event a host can only say that it lives or has failed: until a key is registered, the environment's signature is enough.
   */
  runSignature: 'he300-run-signature',
} as const;

/** Largest body of an event, in bytes. */
export const MAX_EVENT_BYTES = 20_000;

/** How far the clock of a sender may be from the receiver's, in seconds. */
export const TIMESTAMP_TOLERANCE_SECONDS = 300;

/**
 * What an answer to an event means to its sender. Any 2xx: it has arrived, now or before. Any other status, and none at
 * all: it is sent again later, under the same id, and what follows it waits.
 */
export const DELIVERY_ANSWERS = {
  /** It can never be taken as it is: the sender sets it aside. */
  refused: [400, 413, 422],
  /** The environment's signature or the time does not hold: the sender looks at its clock and asks for its key again. */
  unauthorized: [401, 403],
  /** Not now: a resumed run is still spoken for by another host. */
  conflict: 409,
  /** Nothing more is wanted here, of any run. */
  gone: 410,
} as const;
