/** Files of a run that go up apart from its events. */
import { z } from 'zod';
import { count, runId, sha256 } from './primitives';

export const ARTIFACT_KINDS = ['results', 'samples', 'report', 'log', 'trace'] as const;

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
