/** Single deliveries to a dashboard, signed as a host signs them. */
import { sign } from 'node:crypto';
import { DELIVERY_HEADERS, EVENTS_PATH } from '../../benchmark/src/contract/delivery';
import { Secret } from '../../benchmark/src/host/log/secret';
import type { Letter } from '../../benchmark/src/host/report/outbox';
import { signatureOf } from '../../benchmark/src/host/report/webhook';
import type { GeneratedRun } from '../../dashboard/bench/generated-run';
import type { DashboardProcess } from './dashboard-process';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

/** The event at that place of the run. */
export function letterOf({ runId, key, events }: GeneratedRun, place: number): Letter {
  const event = events[place]!;
  const body = JSON.stringify(event);
  const runSignature = sign(null, Buffer.from(body), key).toString('base64');
  return {
    id: `${runId}_${event.seq}`,
    body,
    runSignature: event.type === 'run.started' ? null : runSignature,
  };
}

export async function send(
  { url, webhookKey }: Pick<DashboardProcess, 'url' | 'webhookKey'>,
  { id, body, runSignature }: Letter,
): Promise<Answer> {
  const timestamp = Math.floor(Date.now() / 1000);
  const response = await fetch(`${url}${EVENTS_PATH}`, {
    ...{ method: 'POST', body },
    headers: {
      'content-type': 'application/json',
      [DELIVERY_HEADERS.id]: id,
      [DELIVERY_HEADERS.timestamp]: String(timestamp),
      [DELIVERY_HEADERS.signature]: signatureOf(new Secret(webhookKey), id, timestamp, body),
      ...(runSignature === null ? {} : { [DELIVERY_HEADERS.runSignature]: runSignature }),
    },
  });
  const { status, headers } = response;
  return { status, text: await response.text(), retryAfter: headers.get('retry-after') };
}
