/**
 * The dashboard, as far as a host sees it: takes events and artifacts as `benchmark/src/contract` says, over Standard
 * Webhooks (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), whose own library
 * makes the signatures to compare with. What a host must not do is kept as a violation, for the test to look at.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { artifact, ARTIFACT_HEADERS, type Artifact } from '../../benchmark/src/contract/artifact';
import {
  DELIVERY_HEADERS,
  EVENTS_PATH,
  MAX_EVENT_BYTES,
  TIMESTAMP_TOLERANCE_SECONDS,
} from '../../benchmark/src/contract/delivery';
import { runEvent, type RunEvent } from '../../benchmark/src/contract/event';
import { stateAfter, type RunState } from '../../benchmark/src/contract/state';

export interface ReceiverOptions {
  /** `whsec_` and base64. */
  readonly webhookKey: string;
  readonly dashboardToken: string;
  /** @default - the system chooses */
  readonly port?: number;
  /** How far its clock is ahead. @default 0 */
  readonly clockAheadSeconds?: number;
  /** A status to answer the n-th delivery with, before it is looked at; undefined takes it. @default - takes all */
  readonly refuse?: (index: number) => number | undefined;
}

export interface ReceivedRun {
  state: RunState;
  /** Of the key that speaks for the run; undefined before `run.started`. */
  publicKey: string | undefined;
  /** Each once, as they came. */
  readonly events: RunEvent[];
  readonly artifacts: Map<string, Artifact & { readonly body: Buffer }>;
  heardAtMs: number;
  silenceSeconds: number;
}

export interface ReceiverDouble {
  readonly url: string;
  readonly runs: ReadonlyMap<string, ReceivedRun>;
  /** What a sender did against the contract, a line each. */
  readonly violations: string[];
  /** Every delivery, repeated ones too: `webhook-id` and the answer's status. */
  readonly deliveries: { readonly id: string; readonly status: number }[];
  /** Takes no connection until `back`, at the same port. */
  goAway(): Promise<void>;
  back(): Promise<void>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly text?: string;
}

export async function receiverDouble(options: ReceiverOptions): Promise<ReceiverDouble> {
  const receiver = new Receiver(options);
  await receiver.back();
  return receiver;
}

/** A run without a heartbeat for three times as long as it was promised is lost. */
const LOST_AFTER = 3;

class Receiver implements ReceiverDouble {
  readonly runs = new Map<string, ReceivedRun>();
  readonly violations: string[] = [];
  readonly deliveries: { readonly id: string; readonly status: number }[] = [];
  private readonly bodies = new Map<string, string>();
  private readonly webhook: Webhook;
  private server: Server | undefined;
  private port: number;

  constructor(private readonly options: ReceiverOptions) {
    this.webhook = new Webhook(options.webhookKey);
    this.port = options.port ?? 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async back(): Promise<void> {
    const server = createServer((request, response) => void this.serve(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async goAway(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    await new Promise<void>((resolve) => {
      if (!server) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  close = (): Promise<void> => this.goAway();

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { status, text = '' } = this.answer(request, Buffer.concat(chunks));
    response.setHeader('date', new Date(this.nowMs()).toUTCString());
    response.writeHead(status).end(text);
  }

  private answer(request: IncomingMessage, body: Buffer): Answer {
    const path = request.url!;
    if (request.method === 'POST' && path === EVENTS_PATH) {
      const answer = this.options.refuse?.(this.deliveries.length);
      const taken = answer === undefined ? this.event(request, body.toString()) : { status: answer };
      this.deliveries.push({ id: header(request, DELIVERY_HEADERS.id), status: taken.status });
      return taken;
    }
    const [, runId, name] = /^\/api\/runs\/([^/]+)\/artifacts\/([^/]+)$/.exec(path) ?? [];
    if (request.method === 'PUT' && runId && name)
      return this.artifact(decodeURIComponent(runId), decodeURIComponent(name), request, body);
    return { status: 404 };
  }

  private event(request: IncomingMessage, body: string): Answer {
    const id = header(request, DELIVERY_HEADERS.id);
    if (!this.isFromEnvironment(request, id, body)) return { status: 401, text: 'signature or time' };
    if (Buffer.byteLength(body) > MAX_EVENT_BYTES)
      return this.violation(413, `${id} has ${Buffer.byteLength(body)} bytes`);
    const before = this.bodies.get(id);
    if (before !== undefined)
      return before === body ? { status: 200 } : this.violation(422, `${id} has another body than before`);
    const parsed = runEvent.safeParse(jsonOf(body));
    if (!parsed.success) return this.violation(422, `${id}: ${parsed.error.issues[0]!.message}: ${body}`);
    return this.take(parsed.data, id, body, header(request, DELIVERY_HEADERS.runSignature));
  }

  private take(event: RunEvent, id: string, body: string, signature: string): Answer {
    const run = this.run(event.runId);
    this.noticeSilence(run);
    if (event.type === 'run.started') {
      const free = run.publicKey === undefined || ['FAILED', 'LOST'].includes(run.state);
      const takesOver = event.resumed || run.publicKey === undefined;
      if (run.publicKey !== event.publicKey) {
        if (!takesOver) return this.violation(422, `${id}: another key, and not resumed`);
        if (!free) return { status: 409, text: `the run is ${run.state}` };
        run.publicKey = event.publicKey;
      } else if (!signatureHolds(run.publicKey, body, signature)) {
        return this.violation(422, `${id}: run.started once more, and not signed by the run's key`);
      }
    } else if (run.publicKey !== undefined && !signatureHolds(run.publicKey, body, signature)) {
      return this.violation(422, `${id}: not signed by the run's key`);
    } else if (run.publicKey === undefined && !['run.heartbeat', 'run.failed'].includes(event.type)) {
      return this.violation(422, `${id}: ${event.type} before run.started`);
    }
    const last = run.events.at(-1)?.seq ?? -1;
    this.bodies.set(id, body);
    // Harmless, and nothing that a host should do: it waits for the answer to what comes before.
    if (event.seq <= last) return this.violation(200, `${id}: seq ${event.seq} after ${last}`);
    run.events.push(event);
    run.state = stateAfter(run.state, event);
    run.heardAtMs = this.nowMs();
    if (event.type === 'run.heartbeat') run.silenceSeconds = event.nextWithinSeconds;
    return { status: 202 };
  }

  private isFromEnvironment(request: IncomingMessage, id: string, body: string): boolean {
    const timestamp = Number(header(request, DELIVERY_HEADERS.timestamp));
    const offSeconds = Math.abs(this.nowMs() / 1000 - timestamp);
    if (!Number.isInteger(timestamp) || offSeconds > TIMESTAMP_TOLERANCE_SECONDS) return false;
    const expected = this.webhook.sign(id, new Date(timestamp * 1000), body);
    return header(request, DELIVERY_HEADERS.signature).split(' ').includes(expected);
  }

  private artifact(runId: string, name: string, request: IncomingMessage, body: Buffer): Answer {
    const authorization = header(request, ARTIFACT_HEADERS.authorization);
    if (authorization !== `Bearer ${this.options.dashboardToken}`) return { status: 401 };
    const digest = createHash('sha256').update(body);
    const given = header(request, ARTIFACT_HEADERS.digest);
    const sha256 = digest.copy().digest('hex');
    if (given !== `sha-256=:${digest.digest('base64')}:`)
      return this.violation(422, `${name}: digest ${given}`);
    const parsed = artifact.safeParse({
      ...{ runId, name, sha256, bytes: body.length },
      kind: header(request, ARTIFACT_HEADERS.kind),
      contentType: header(request, 'content-type'),
    });
    if (!parsed.success) return this.violation(422, `${name}: ${parsed.error.issues[0]!.message}`);
    const { artifacts } = this.run(runId);
    const before = artifacts.get(name);
    if (before) return before.sha256 === sha256 ? { status: 200 } : this.violation(409, `${name} changed`);
    artifacts.set(name, { ...parsed.data, body });
    return { status: 201 };
  }

  private noticeSilence(run: ReceivedRun): void {
    const silentMs = this.nowMs() - run.heardAtMs;
    if (run.state === 'RUNNING' && silentMs > LOST_AFTER * run.silenceSeconds * 1000) run.state = 'LOST';
  }

  private run(runId: string): ReceivedRun {
    const fresh: ReceivedRun = {
      ...{ state: 'PENDING', publicKey: undefined, events: [], artifacts: new Map() },
      ...{ heardAtMs: this.nowMs(), silenceSeconds: 30 },
    };
    const run = this.runs.get(runId) ?? fresh;
    this.runs.set(runId, run);
    return run;
  }

  private violation(status: number, text: string): Answer {
    this.violations.push(text);
    return { status, text };
  }

  private nowMs(): number {
    return Date.now() + (this.options.clockAheadSeconds ?? 0) * 1000;
  }
}

function signatureHolds(publicKey: string, body: string, signature: string): boolean {
  const x = Buffer.from(publicKey, 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, Buffer.from(body), key, Buffer.from(signature, 'base64'));
}

const header = (request: IncomingMessage, name: string): string => String(request.headers[name] ?? '');

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
