/** A whole run to our server, as its host sends it: signed events, the files, and the event that ends it. */
import { ARTIFACT_HEADERS, artifactPath } from '@he300/benchmark/contract';
import { createHash } from 'node:crypto';
import type { DashboardProcess } from '../../test/support/dashboard-process';
import { letterOf, send } from '../../test/support/letters';
import type { GeneratedFile, GeneratedRun } from './generated-run';

type Server = Pick<DashboardProcess, 'url' | 'token' | 'webhookKey'>;

/** @throws Error unless everything is taken */
export async function sendRun(server: Server, run: GeneratedRun): Promise<void> {
  const last = run.events.length - 1;
  for (let place = 0; place < last; place++) await sendEvent(server, run, place);
  for (const file of run.files) await sendFile(server, run.runId, file);
  await sendEvent(server, run, last);
}

async function sendEvent(server: Server, run: GeneratedRun, place: number): Promise<void> {
  const { status, text } = await send(server, letterOf(run, place));
  if (status >= 300) throw new Error(`event ${place} of ${run.runId}: HTTP ${status} ${text}`);
}

export async function sendFile(
  { url, token }: Server,
  runId: string,
  { kind, name, contentType, body }: GeneratedFile,
): Promise<void> {
  const response = await fetch(`${url}${artifactPath(runId, name)}`, {
    ...{ method: 'PUT', body },
    headers: {
      'content-type': contentType,
      [ARTIFACT_HEADERS.authorization]: `Bearer ${token}`,
      [ARTIFACT_HEADERS.digest]: `sha-256=:${createHash('sha256').update(body).digest('base64')}:`,
      [ARTIFACT_HEADERS.kind]: kind,
    },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${name} of ${runId}: HTTP ${response.status} ${text}`);
}
