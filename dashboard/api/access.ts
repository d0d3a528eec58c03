/** Who may do what: tokens, the page's session, the keys of the environments, and the audit log. */
import { timestamp } from '@he300/benchmark/contract';
import * as z from 'zod';
import { cursor, limit, pageOf } from './primitives';

/** Each may do what those before it may. `runner` uploads artifacts; `admin` changes tokens and keys, and reads the audit log. */
export const ROLES = ['viewer', 'runner', 'admin'] as const;
export const role = z.enum(ROLES);
export type Role = z.infer<typeof role>;

export const environmentName = z.string().regex(/^[a-z][a-z0-9]{1,11}$/, {
  error: '2 to 12 lower-case letters and digits, a letter first',
});

export const session = z.strictObject({
  role: role.nullable().describe('Null: nobody is signed in.'),
  name: z.string().nullable().describe('Of the token.'),
  csrfToken: z.string().nullable().describe('To send as `he300-csrf` with whatever changes something.'),
  publicRead: z.boolean().describe('Whether everybody may read.'),
});
export type Session = z.infer<typeof session>;

export const signIn = z.strictObject({ token: z.string().min(1).max(200) });

export const token = z.strictObject({
  id: z.string(),
  name: z.string(),
  role,
  environment: environmentName
    .nullable()
    .describe('A runner’s: the only one that it may upload for; null: all.'),
  createdAt: timestamp,
  expiresAt: timestamp.nullable(),
  lastUsedAt: timestamp.nullable().describe('To the hour.'),
  revokedAt: timestamp.nullable(),
});
export type Token = z.infer<typeof token>;

export const newToken = z.strictObject({
  name: z.string().regex(/^[\w .@/-]{1,64}$/, { error: '1 to 64 letters, digits, spaces and _.@/-' }),
  role,
  environment: environmentName.nullable().default(null),
  expiresInDays: z.int().min(1).max(3650).nullable().default(null),
});
export type NewToken = z.input<typeof newToken>;

export const createdToken = token.extend({
  secret: z.string().describe('Shown this once; only its hash is kept.'),
});
export type CreatedToken = z.infer<typeof createdToken>;

export const webhookKey = z.strictObject({
  environment: environmentName,
  keyId: z.string().describe('First 12 hex digits of the key’s SHA-256.'),
  createdAt: timestamp,
  expiresAt: timestamp.nullable().describe('Until when it still counts; null: it is the newest.'),
});
export type WebhookKey = z.infer<typeof webhookKey>;

export const newWebhookKey = z.strictObject({
  key: z.string().regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, { error: 'whsec_ and 24 to 64 bytes, base64' }),
  overlapHours: z
    .int()
    .min(0)
    .max(720)
    .default(24)
    .describe('How long the key before it is still taken; the one before that is not.'),
});
export type NewWebhookKey = z.input<typeof newWebhookKey>;

export const auditEntry = z.strictObject({
  id: z.string(),
  at: timestamp,
  actor: z.string().describe('Name of the token, `host:<environment>` for a delivery, `cli`, or `system`.'),
  action: z.string().describe('Such as `token.create`.'),
  target: z.string(),
  detail: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntry>;
export const auditQuery = z.object({
  actor: z.string().max(64).optional(),
  action: z.string().max(64).optional(),
  limit,
  cursor,
});
export const auditPage = pageOf(auditEntry);
