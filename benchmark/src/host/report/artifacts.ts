/** Sends the files of a run that is over: to the bucket, and to the dashboard where there is one. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ARTIFACT_HEADERS, artifactPath, MAX_ARTIFACT_BYTES, type Artifact } from '../../contract/artifact';
import { backoffMs } from '../../load/backoff';
import type { Store } from '../aws/s3';
import { artifactKey } from '../continuity/layout';
import { messageOf, type HostLog } from '../log/host-log';
import type { Secret } from '../log/secret';
import { below } from './webhook';

/** What of a run's directory goes up; what is not there is left out. */
const OF_A_RUN: readonly Pick<Artifact, 'kind' | 'name' | 'contentType'>[] = [
  { kind: 'results', name: 'results.json', contentType: 'application/json' },
  { kind: 'samples', name: 'samples.jsonl', contentType: 'application/jsonl' },
  { kind: 'prompts', name: 'prompts.jsonl', contentType: 'application/jsonl' },
  { kind: 'samples', name: 'judge.jsonl', contentType: 'application/jsonl' },
  { kind: 'report', name: 'report.html', contentType: 'text/html' },
  { kind: 'telemetry', name: 'telemetry.jsonl', contentType: 'application/jsonl' },
];

export interface ArtifactFile extends Pick<Artifact, 'kind' | 'name' | 'contentType'> {
  readonly body: Buffer;
}

export const artifactsIn = (directory: string): ArtifactFile[] =>
  OF_A_RUN.filter(({ name }) => existsSync(join(directory, name))).map((file) => ({
    ...file,
    body: readFileSync(join(directory, file.name)),
  }));

export interface UploadOptions {
  readonly runId: string;
  readonly store: Store;
  readonly log: HostLog;
  /** Null where there is none, or no token for it. */
  readonly dashboard: { readonly url: string; readonly token: Secret } | null;
  /** Ends the trying. */
  readonly signal: AbortSignal;
}

/** Tries until the signal is given. Returns the names of what did not get everywhere. */
export async function uploadArtifacts(
  files: readonly ArtifactFile[],
  options: UploadOptions,
): Promise<string[]> {
  const missing = new Set<string>();
  for (const file of files) {
    const { runId, store, dashboard } = options;
    const key = artifactKey(runId, file.name);
    const kept = await patiently(() => store.put(key, file.body, file.contentType), file, options);
    const shown = dashboard === null || (await patiently(() => send(file, runId, dashboard), file, options));
    if (!kept || !shown) missing.add(file.name);
  }
  return [...missing];
}

/** An upload that cannot succeed, however often it is tried. */
class Refused extends Error {}

const FIRST_WAIT_MS = 500;

async function patiently(
  action: () => Promise<void>,
  { name }: ArtifactFile,
  { log, signal }: UploadOptions,
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await action();
      return true;
    } catch (error) {
      const over = error instanceof Refused || signal.aborted;
      if (attempt === 1 || over)
        log.warn('an artifact does not go up', { name, why: messageOf(error), attempt });
      if (over) return false;
    }
    await delay(backoffMs(attempt, FIRST_WAIT_MS, 15_000), undefined, { signal }).catch(() => undefined);
  }
}

const TIME_LIMIT_MS = 60_000;

async function send(
  { kind, name, contentType, body }: ArtifactFile,
  runId: string,
  { url, token }: { readonly url: string; readonly token: Secret },
): Promise<void> {
  if (body.length > MAX_ARTIFACT_BYTES)
    throw new Refused(`${body.length} bytes; allowed: ${MAX_ARTIFACT_BYTES}`);
  const digest = createHash('sha256').update(body).digest('base64');
  const response = await fetch(below(url, artifactPath(runId, name)), {
    ...{ method: 'PUT', body, redirect: 'manual', signal: AbortSignal.timeout(TIME_LIMIT_MS) },
    headers: {
      'content-type': contentType,
      [ARTIFACT_HEADERS.authorization]: `Bearer ${token.reveal()}`,
      [ARTIFACT_HEADERS.digest]: `sha-256=:${digest}:`,
      [ARTIFACT_HEADERS.kind]: kind,
    },
  });
  if (response.ok) return;
  const why = `HTTP ${response.status} ${(await response.text()).slice(0, 200)}`.trim();
  throw [400, 401, 403, 409, 413, 415, 422].includes(response.status) ? new Refused(why) : new Error(why);
}
