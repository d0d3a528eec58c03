/** Sends the made-up runs as hosts would: signed deliveries and uploads through the same routes, with nothing let through. */
import { artifactPath, ARTIFACT_HEADERS, DELIVERY_HEADERS, EVENTS_PATH } from '@he300/benchmark/contract';
import type { Artifact, Results, RunEvent, Sample } from '@he300/benchmark/contract';
import { exampleEvents } from '@he300/benchmark/contract/examples';
import { publicKeyOf, signResults } from '@he300/benchmark/signing';
import { generateKeyPairSync, hash, randomBytes, sign, type KeyObject } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { dashboardApp } from '../app';
import { InputError } from '../errors';
import { createWebhookKey } from '../receive/webhook-keys';
import type { Services } from '../services';
import { createToken, revokeToken } from '../store/tokens';
import { demoResults, demoRunId, demoSamples } from './demo-answers';
import { DEMO_ENVIRONMENT, DEMO_RUNS, type DemoRun } from './demo-runs';
import { DEMO_SCENARIOS } from './demo-scenarios';

const DAY_MS = 86_400_000;
/** The longest that a host may promise to be silent: three times that, and the running one is lost. */
const LONG_SILENCE_SECONDS = 3600;

type Event = RunEvent extends infer E
  ? E extends RunEvent
    ? Omit<E, 'runId' | 'seq' | 'at'>
    : never
  : never;

/** @returns ids of the runs. @throws InputError when they are there already */
export async function seedDemo(services: Services): Promise<string[]> {
  const { store, now } = services;
  const first = demoRunId(DEMO_RUNS[0]!);
  if (await store.db.selectFrom('run').select('id').where('id', '=', first).executeTakeFirst())
    throw new InputError(`the demo is there already: run ${first}`);
  const wanted = {
    name: 'seed-demo',
    role: 'runner',
    environment: DEMO_ENVIRONMENT,
    expiresInDays: 1,
  } as const;
  const token = await createToken(store.db, wanted, now());
  try {
    const webhookKey = await createWebhookKey(
      services,
      { environment: DEMO_ENVIRONMENT, overlapHours: 0 },
      'cli',
    );
    for (const run of DEMO_RUNS) await new DemoHost(services, webhookKey, token.secret, run).live();
  } finally {
    await revokeToken(store.db, token.id, now());
  }
  return DEMO_RUNS.map(demoRunId);
}

/** One run, with a clock of its own that runs through the run's time. */
class DemoHost {
  private readonly key: KeyObject = generateKeyPairSync('ed25519').privateKey;
  private readonly app: ReturnType<typeof dashboardApp>;
  private readonly webhook: Webhook;
  private readonly startedAt: Date;
  private readonly endedAt: Date;
  private clock: Date;
  private seq = 0;

  constructor(
    services: Services,
    webhookKey: string,
    private readonly token: string,
    private readonly run: DemoRun,
  ) {
    // What goes on began when half of it was done; what is over ended some days ago.
    const half = run.end === 'running' ? run.minutes * 30_000 : 0;
    this.startedAt = new Date(services.now().getTime() - run.daysAgo * DAY_MS - half);
    this.endedAt = new Date(this.startedAt.getTime() + run.minutes * 60_000);
    this.clock = this.startedAt;
    const config = { ...services.config, requestsPerMinute: 0, publicUrl: undefined };
    this.app = dashboardApp({ ...services, config, now: () => this.clock });
    this.webhook = new Webhook(webhookKey);
  }

  async live(): Promise<void> {
    const samples = demoSamples(this.run, this.startedAt);
    const results = demoResults(this.run, samples, this.startedAt, this.endedAt);
    await this.start(results);
    const share = { completed: 1, failed: 0.3, cancelled: 0.2, running: 0.5, silent: 0.7 }[this.run.end];
    for (const part of [0.2, 0.5, 0.7, 1].filter((one) => one <= share))
      await this.progress(results, samples, part);
    if (this.run.end === 'completed') await this.complete(results, samples);
    else if (this.run.end === 'failed') await this.tell({ ...exampleEvents['run.failed'], scored: share });
    else if (this.run.end === 'cancelled') await this.tell(exampleEvents['run.cancelled']);
    else {
      const nextWithinSeconds = this.run.end === 'running' ? LONG_SILENCE_SECONDS : 30;
      await this.tell({ type: 'run.heartbeat', phase: 'run', nextWithinSeconds });
    }
  }

  private start({ trigger, suite, prompts, model, engine, host, runner, cost }: Results): Promise<void> {
    const { usdPerHour, capUsd, timeLimitMinutes } = cost;
    return this.tell({
      type: 'run.started',
      publicKey: publicKeyOf(this.key),
      resumed: false,
      environment: DEMO_ENVIRONMENT,
      ...{ trigger, suite, prompts, model, engine, host, runner },
      price: { usdPerHour, capUsd, timeLimitMinutes },
    });
  }

  private progress({ performance, cost }: Results, samples: readonly Sample[], part: number): Promise<void> {
    const wholeMs = this.endedAt.getTime() - this.startedAt.getTime();
    this.clock = new Date(this.startedAt.getTime() + part * wholeMs);
    const done = Math.round(samples.length * part);
    return this.tell({
      type: 'run.progress',
      phase: 'run',
      ...{ done, total: samples.length },
      correct: samples.slice(0, done).filter(({ judgement }) => judgement.outcome === 'correct').length,
      concurrency: performance.saturation.chosenConcurrency ?? 4,
      tokensPerSecond: performance.saturation.peakTokensPerSecond ?? null,
      etaSeconds: Math.round((wholeMs * (1 - part)) / 1000),
      costUsd: (cost.spentUsd ?? 0) * part,
    });
  }

  private async complete(results: Results, samples: readonly Sample[]): Promise<void> {
    this.clock = this.endedAt;
    const lines = (items: readonly object[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('');
    const signed = `${JSON.stringify(signResults(JSON.stringify(results), this.key), null, 1)}\n`;
    await this.upload(
      { kind: 'samples', name: 'samples.jsonl', contentType: 'application/jsonl' },
      lines(samples),
    );
    const prompts = lines(DEMO_SCENARIOS.map(({ prompt }) => prompt));
    await this.upload({ kind: 'prompts', name: 'prompts.jsonl', contentType: 'application/jsonl' }, prompts);
    await this.upload({ kind: 'results', name: 'results.json', contentType: 'application/json' }, signed);
    const { score, performance, cost } = results;
    const { requestsPerSecond, outputTokensPerSecond, seconds } = performance.total;
    const { verdict, chosenConcurrency } = performance.saturation;
    await this.tell({
      type: 'run.completed',
      resultsSha256: hash('sha256', signed),
      ...{ overall: score.overall, categories: score.categories },
      throughput: { requestsPerSecond, outputTokensPerSecond, seconds },
      saturation: { verdict, chosenConcurrency },
      costUsd: cost.spentUsd,
    });
  }

  private async tell(event: Event): Promise<void> {
    const body = JSON.stringify({
      ...event,
      runId: demoRunId(this.run),
      seq: this.seq++,
      at: this.clock.toISOString(),
    });
    const id = `msg_${randomBytes(12).toString('hex')}`;
    const headers = {
      'content-type': 'application/json',
      [DELIVERY_HEADERS.id]: id,
      [DELIVERY_HEADERS.timestamp]: String(Math.floor(this.clock.getTime() / 1000)),
      [DELIVERY_HEADERS.signature]: this.webhook.sign(id, this.clock, body),
      [DELIVERY_HEADERS.runSignature]: sign(null, Buffer.from(body), this.key).toString('base64'),
    };
    await this.demand(await this.app.request(EVENTS_PATH, { method: 'POST', headers, body }), event.type);
  }

  private async upload(
    { kind, name, contentType }: Pick<Artifact, 'kind' | 'name' | 'contentType'>,
    body: string,
  ) {
    const digest = Buffer.from(hash('sha256', body), 'hex').toString('base64');
    const headers = {
      'content-type': contentType,
      'content-length': String(Buffer.byteLength(body)),
      [ARTIFACT_HEADERS.authorization]: `Bearer ${this.token}`,
      [ARTIFACT_HEADERS.digest]: `sha-256=:${digest}:`,
      [ARTIFACT_HEADERS.kind]: kind,
    };
    const path = artifactPath(demoRunId(this.run), name);
    await this.demand(await this.app.request(path, { method: 'PUT', headers, body }), name);
  }

  private async demand(response: Response, what: string): Promise<void> {
    if (!response.ok)
      throw new Error(`${demoRunId(this.run)}: ${what}: ${response.status} ${await response.text()}`);
  }
}
