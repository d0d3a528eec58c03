/** Files of a run that go up apart from its events. */
import * as z from 'zod';
import { count, runId, sha256 } from './primitives';

/**
 * Where the dashboard takes an artifact, below its own address: `PUT` with the bytes as body. 201: kept; 200: the same bytes
 * were kept before; 409: other bytes stand under that name; 413: too large; 422: the bytes do not have the digest.
 */
export const artifactPath = (runId: string, name: string): string =>
  `/api/runs/${encodeURIComponent(runId)}/artifacts/${encodeURIComponent(name)}`;

/** Names of the headers of an upload, lower-case. `content-type` is one of the artifact's. */
export const ARTIFACT_HEADERS = {
  /** `Bearer` and the dashboard's token. */
  authorization: 'authorization',
  /** `sha-256=:BASE64:`, RFC 9530. */
  digest: 'content-digest',
  /** One of `ARTIFACT_KINDS`. */
  kind: 'he300-artifact-kind',
} as const;

/** Largest artifact, in bytes. */
export const MAX_ARTIFACT_BYTES = 64 * 1024 * 1024;

export const ARTIFACT_KINDS = [
  'results',
  'samples',
  'prompts',
  'telemetry',
  'report',
  'log',
  'trace',
] as const;

export const artifact = z.strictObject({
  runId,
  kind: z.enum(ARTIFACT_KINDS),
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, { error: 'a file name without a path' })
    .describe('File name; no path.'),
  bytes: count,
  sha256,
  contentType: z.enum([
    'application/json',
    'application/jsonl',
    'application/gzip',
    'text/html',
    'text/plain',
  ]),
});
export type Artifact = z.infer<typeof artifact>;
