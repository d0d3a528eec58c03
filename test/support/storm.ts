/** Hosts that report to a dashboard without pause, by the host's own outbox and reporter, however often it is gone. */
import { createHash, randomBytes, sign } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ARTIFACT_HEADERS, artifactPath } from '../../benchmark/src/contract/artifact';
import type { RunEvent } from '../../benchmark/src/contract/event';
import { HostLog } from '../../benchmark/src/host/log/host-log';
import { Redactor } from '../../benchmark/src/host/log/redactor';
import { Secret } from '../../benchmark/src/host/log/secret';
import { Outbox, type Entry } from '../../benchmark/src/host/report/outbox';
import { Reporter } from '../../benchmark/src/host/report/reporter';
import { ServerClock } from '../../benchmark/src/host/report/server-clock';
import { generateRun, type GeneratedFile, type GeneratedRun } from '../../dashboard/bench/generated-run';

export interface StormOptions {
  /** Where each host keeps its outbox. */
  readonly dir: string;
  readonly hosts: number;
  /** Of the dashboard. */
  readonly url: string;
  readonly webhookKey: string;
  readonly token: string;
  /** Number of the first run. @default 0 */
  readonly firstRun?: number;
}

/** What the dashboard said it has. */
export interface Acknowledged {
  readonly runId: string;
  readonly events: readonly Entry[];
  /** SHA-256 by name. */
  readonly artifacts: ReadonlyMap<string, string>;
}

/** So many events wait at each host, so that there is always one on its way. */
const WAITING = 4;
const HEARTBEAT_SECONDS = 30;
const PAUSE_MS = 5;

export class Storm {
  private readonly hosts: StormHost[];

  constructor(options: StormOptions) {
    this.hosts = Array.from({ length: options.hosts }, (_, i) => new StormHost(options, i));
  }

  get runIds(): string[] {
    return this.hosts.map(({ run }) => run.runId);
  }

  /** Of all hosts, so far. */
  get acknowledged(): Acknowledged[] {
    return this.hosts.map((host) => host.acknowledged());
  }

  get acknowledgedCount(): number {
    return this.hosts.reduce((sum, host) => sum + host.arrived, 0);
  }

  /** Events that were told, and have not arrived. */
  get waitingCount(): number {
    return this.hosts.reduce((sum, host) => sum + host.waiting, 0);
  }

  /** What a dashboard would never take: there must be none. */
  get refused(): string[] {
    return this.hosts.flatMap((host) => host.refused);
  }

  begin(): void {
    for (const host of this.hosts) host.begin();
  }

  /** Every run comes to its end, and everything arrives. */
  async finish(): Promise<void> {
    await Promise.all(this.hosts.map((host) => host.finish()));
  }

  /** Nothing more is sent. */
  async stop(): Promise<void> {
    await Promise.all(this.hosts.map((host) => host.stop()));
  }
}

class StormHost {
  readonly run: GeneratedRun;
  readonly refused: string[] = [];
  private readonly outbox: Outbox;
  private readonly reporter: Reporter;
  private readonly artifacts = new Map<string, string>();
  private readonly stopping = new AbortController();
  private finishing = false;
  private told = 0;
  private telling: Promise<void> = Promise.resolve();
  private uploading: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: StormOptions,
    private readonly index: number,
  ) {
    const { dir, firstRun = 0, url, webhookKey } = options;
    this.run = generateRun(firstRun + index, { environment: 'test' });
    this.outbox = Outbox.open(join(dir, this.run.runId));
    const redactor = new Redactor();
    this.reporter = new Reporter({
      ...{ outbox: this.outbox, clock: new ServerClock(), url, mostWaitMs: 50 },
      log: new HostLog({ redactor, write: (line) => this.note(line) }),
      key: () => Promise.resolve(redactor.know(new Secret(webhookKey))),
    });
  }

  get arrived(): number {
    return this.told - this.outbox.waitingCount;
  }

  get waiting(): number {
    return this.outbox.waitingCount;
  }

  acknowledged(): Acknowledged {
    const events = this.outbox.of(this.run.runId).filter(({ fate }) => fate === 'sent');
    return { runId: this.run.runId, events, artifacts: new Map(this.artifacts) };
  }

  begin(): void {
    this.reporter.start();
    this.tell(this.run.events[0]!);
    this.telling = this.keepTelling();
    this.uploading = this.keepUploading();
  }

  async finish(): Promise<void> {
    this.finishing = true;
    await Promise.all([this.telling, this.uploading]);
    for (const file of this.run.files) await this.upload(file);
    this.tell(this.run.events.at(-1)!);
    await this.reporter.drained(this.stopping.signal);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.telling, this.uploading, this.reporter.stop()]);
  }

  private async keepTelling(): Promise<void> {
    const { runId } = this.run;
    while (!this.isOver) {
      if (this.outbox.waitingCount >= WAITING) await delay(PAUSE_MS);
      else
        this.tell({
          ...{ type: 'run.heartbeat', runId, seq: 0, at: new Date().toISOString() },
          ...{ phase: 'run', nextWithinSeconds: HEARTBEAT_SECONDS },
        });
    }
  }

  private async keepUploading(): Promise<void> {
    for (let i = 0; !this.isOver; i++) {
      const body = randomBytes(20_000 * (1 + this.index));
      await this.upload({
        kind: 'log',
        name: `host-${i}.log.jsonl.gz`,
        contentType: 'application/gzip',
        body,
      });
      await delay(10 * PAUSE_MS);
    }
  }

  private get isOver(): boolean {
    return this.finishing || this.stopping.signal.aborted;
  }

  private tell(event: RunEvent): void {
    const { runId, key } = this.run;
    this.outbox.append(runId, event.type, (seq) => {
      const body = JSON.stringify({ ...event, seq });
      const signature = sign(null, Buffer.from(body), key).toString('base64');
      return { id: `${runId}_${seq}`, body, runSignature: event.type === 'run.started' ? null : signature };
    });
    this.told++;
    this.reporter.notify();
  }

  /** Until it is there. */
  private async upload({ kind, name, contentType, body }: GeneratedFile): Promise<void> {
    const { url, token } = this.options;
    const digest = createHash('sha256').update(body).digest();
    while (!this.stopping.signal.aborted) {
      const response = await fetch(`${url}${artifactPath(this.run.runId, name)}`, {
        ...{ method: 'PUT', body },
        headers: {
          'content-type': contentType,
          [ARTIFACT_HEADERS.authorization]: `Bearer ${token}`,
          [ARTIFACT_HEADERS.digest]: `sha-256=:${digest.toString('base64')}:`,
          [ARTIFACT_HEADERS.kind]: kind,
        },
      }).catch(() => undefined);
      const text = await response?.text().catch(() => '');
      if (response?.ok) return void this.artifacts.set(name, digest.toString('hex'));
      if (response && response.status < 500) this.refused.push(`${name}: HTTP ${response.status} ${text}`);
      await delay(10 * PAUSE_MS);
    }
  }

  private note(line: string): void {
    if (line.includes('"level":"error"')) this.refused.push(line);
  }
}
