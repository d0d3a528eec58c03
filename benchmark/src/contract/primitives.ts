/** Values that several messages share. Units stand in the names; times are UTC. */
import * as z from 'zod';

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: '64 lower-case hex digits' })
  .describe('SHA-256, hex.');

export const timestamp = z.iso
  .datetime({ precision: 3, error: 'a UTC time such as 2026-06-17T12:00:00.000Z' })
  .describe('UTC time to the millisecond, RFC 3339.');

/** `<environment>-<instance id>` on a rented host, `<environment>-<any name>` elsewhere. */
export const runId = z
  .string()
  .regex(/^[a-z][a-z0-9]{1,11}-[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, {
    error: 'an environment, a hyphen, and letters, digits, _ and -',
  })
  .describe('Id of a run, constant when another host resumes it.');

export const scenarioId = z
  .string()
  .regex(/^[a-z0-9_]+:[a-z0-9_]+:\d{5}$/, { error: 'SOURCE:FILE:ROW with a 5-digit row' })
  .describe('Source, file stem and 0-based row, such as `hendrycks_ethics:virtue_test:00991`.');

export const publicKey = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, { error: '32 bytes, base64' })
  .describe('Raw Ed25519 public key (RFC 8032), base64.');

export const signature = z
  .string()
  .regex(/^[A-Za-z0-9+/]{86}==$/, { error: '64 bytes, base64' })
  .describe('Ed25519 signature (RFC 8032), base64.');

export const count = z.int().nonnegative();
export const proportion = z.number().min(0).max(1);
export const milliseconds = z.number().nonnegative();
export const seconds = z.number().nonnegative();
export const usd = z.number().nonnegative();
/** Free text that people read: no control characters but tab and line feed, so that it cannot forge a log line's end. */
export const text = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^[^\u0000-\u0008\u000b-\u001f\u007f]*$/, { error: 'no control characters' });

/** Two-sided 95 % confidence interval of a proportion. */
export const interval = z
  .strictObject({ low: proportion, high: proportion })
  .refine(({ low, high }) => low <= high, { error: 'low is at most high' });
