/**
 * A host as far as the dashboard hears it: signs deliveries by the environment's key as Standard Webhooks' own library does
 * (https://github.com/standard-webhooks/standard-webhooks), and events by the run's key as the contract says.
 */
import type { RunEvent } from '@he300/benchmark/contract';
import { ARTIFACT_HEADERS, artifactPath, DELIVERY_HEADERS, EVENTS_PATH } from '@he300/benchmark/contract';
import { exampleEvents } from '@he300/benchmark/contract/examples';
import { publicKeyOf } from '@he300/benchmark/signing';
import { generateKeyPairSync, hash, sign, type KeyObject } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { bearer, type TestServer } from '../test-services';
import type { ArtifactRow } from '../store/artifacts';

type Type = RunEvent['type'];

export interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export class SenderDouble {
  readonly key: KeyObject = generateKeyPairSync('ed25519').privateKey;
  readonly publicKey = publicKeyOf(this.key);
  seq = 0;

  constructor(
    readonly server: TestServer,
    readonly webhookKey: string,
    readonly runId: string,
  ) {}

  /** With the next number. @param more takes the place of what the example says */
  event<T extends Type>(
    type: T,
    more: Partial<Extract<RunEvent, { type: T }>> = {},
  ): Extract<RunEvent, { type: T }> {
    const own =
      type === 'run.started' ? { publicKey: this.publicKey, environment: this.runId.split('-')[0] } : {};
    return { ...exampleEvents[type], runId: this.runId, seq: this.seq++, ...own, ...more };
  }

  /** @param more takes the place of what an honest host sends */
  letter(
    event: RunEvent | string,
    more: { id?: string; at?: Date; webhookKey?: string; runSignature?: string | null } = {},
  ): Sent {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    const isStart = typeof event !== 'string' && event.type === 'run.started';
    const id = more.id ?? `${this.runId}_${typeof event === 'string' ? this.seq++ : event.seq}`;
    const at = more.at ?? this.server.now();
    const runSignature =
      more.runSignature === undefined && !isStart ? this.signed(body) : (more.runSignature ?? null);
    return {
      body,
      headers: {
        'content-type': 'application/json',
        [DELIVERY_HEADERS.id]: id,
        [DELIVERY_HEADERS.timestamp]: String(Math.floor(at.getTime() / 1000)),
        [DELIVERY_HEADERS.signature]: new Webhook(more.webhookKey ?? this.webhookKey).sign(id, at, body),
        ...(runSignature === null ? {} : { [DELIVERY_HEADERS.runSignature]: runSignature }),
      },
    };
  }

  signed = (body: string): string => sign(null, Buffer.from(body), this.key).toString('base64');

  async post({ headers, body }: Sent | (Omit<Sent, 'body'> & { readonly body: Buffer })): Promise<number> {
    return (await this.server.app.request(EVENTS_PATH, { method: 'POST', headers, body })).status;
  }

  /** What an honest host sends, each with the next number. */
  async tell<T extends Type>(type: T, more: Partial<Extract<RunEvent, { type: T }>> = {}): Promise<number> {
    return this.post(this.letter(this.event(type, more)));
  }

  upload(
    { name, kind, content_type }: Pick<ArtifactRow, 'name' | 'kind' | 'content_type'>,
    body: Buffer | string,
    more: { sha256?: string; token?: string; runId?: string } = {},
  ): Promise<Response> {
    const sha256 = more.sha256 ?? hash('sha256', body);
    return Promise.resolve(
      this.server.app.request(artifactPath(more.runId ?? this.runId, name), {
        method: 'PUT',
        body,
        headers: {
          ...bearer(more.token ?? this.server.tokens.runner),
          'content-type': content_type,
          [ARTIFACT_HEADERS.kind]: kind,
          [ARTIFACT_HEADERS.digest]: `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
        },
      }),
    );
  }

  row = () =>
    this.server.store.db.selectFrom('run').selectAll().where('id', '=', this.runId).executeTakeFirst();

  events = () =>
    this.server.store.db
      .selectFrom('event')
      .selectAll()
      .where('run_id', '=', this.runId)
      .orderBy('seq')
      .execute();
}

export const newKey = (fill: string): string => `whsec_${Buffer.alloc(32, fill).toString('base64')}`;
