/** How an event travels: Standard Webhooks (https://www.standardwebhooks.com), and the run's own signature beside it. */

/** Names of the headers of a delivery, lower-case. */
export const DELIVERY_HEADERS = {
  /** Constant over retries. */
  id: 'webhook-id',
  /** Seconds since 1970 of this attempt. */
  timestamp: 'webhook-timestamp',
  /** Space-separated `v1,<base64 HMAC-SHA256 of "id.timestamp.body">`, by the environment's key. */
  signature: 'webhook-signature',
  /** Base64 Ed25519 signature of the body's bytes, by the run's key; absent on the event that registers the key. */
  runSignature: 'he300-run-signature',
} as const;

/** Largest body of an event, in bytes. */
export const MAX_EVENT_BYTES = 20_000;

/** How far the clock of a sender may be from the receiver's, in seconds. */
export const TIMESTAMP_TOLERANCE_SECONDS = 300;
