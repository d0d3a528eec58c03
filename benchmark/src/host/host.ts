/** A host at work: what it was told, what it has found out so far, and the things that go on beside the phases. */
import { join } from 'node:path';
import type { HostConfig } from '../contract/host-config';
import type { Phase } from '../contract/event';
import { AwsClient } from './aws/client';
import { credentialsProvider } from './aws/credentials';
import { Imds, IMDS_URL } from './aws/imds';
import { S3Bucket, type Store } from './aws/s3';
import { runProgram, type Run } from './commands';
import type { HealthServer } from './health/server';
import type { HostRun } from './host-run';
import type { Identity } from './identity';
import type { Limits } from './limits';
import { HostLog } from './log/host-log';
import { Redactor } from './log/redactor';
import type { ModelServer } from './model-server';
import { Outbox } from './report/outbox';
import type { Reporter } from './report/reporter';
import { ServerClock } from './report/server-clock';
import type { HostSecrets, SecretsSource } from './secrets/secrets';
import type { Tunnel } from './tunnel/tunnel';

export interface HostOptions {
  /** Everything that the host keeps. */
  readonly state: string;
  readonly instanceDataPath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly write: (line: string) => void;
  /** Leaves the host up after its runs, until its limit. */
  readonly keep: boolean;
  /** How long a dashboard that does not answer is waited for at the end. */
  readonly reportPatienceSeconds: number;
  readonly heartbeatSeconds: number;
  /** Program and script that are `he300`. */
  readonly program: readonly [string, string];
  /** @default runProgram */
  readonly run?: Run;
  /** Below which the files for other units are laid down. @default / */
  readonly root?: string;
}

/** What a phase found out for those after it. Each is set by the phase of its name. */
interface Found {
  limits: Limits;
  identity: Identity;
  source: SecretsSource;
  secrets: HostSecrets;
  tunnel: Tunnel;
  server: ModelServer;
}

export class Host {
  readonly redactor = new Redactor();
  readonly log: HostLog;
  readonly run: Run;
  readonly imds: Imds;
  readonly client: AwsClient;
  readonly store: Store;
  readonly clock: ServerClock;
  readonly outbox: Outbox;
  /** In the order of the models; empty until they are claimed. */
  runs: readonly HostRun[] = [];
  reporter: Reporter | undefined;
  health: HealthServer | undefined;
  /** Of the model's name, as `he300 run` wants it. */
  modelName = '';
  readonly found: Partial<Found> = {};
  /** Ends what goes on beside the phases. */
  readonly over = new AbortController();

  constructor(
    readonly config: HostConfig,
    readonly options: HostOptions,
  ) {
    const { env, state, write, run = runProgram } = options;
    const { redactor } = this;
    const log = new HostLog({ redactor, write, file: join(state, 'host.log.jsonl') });
    this.log = log;
    this.run = run;
    this.imds = new Imds(env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] || IMDS_URL);
    this.client = new AwsClient({
      credentials: credentialsProvider(env, this.imds, redactor),
      endpoint: env['AWS_ENDPOINT_URL'] || undefined,
    });
    this.store = new S3Bucket(this.client, config.artifactBucket, config.homeRegion);
    this.clock = new ServerClock((seconds) =>
      log.warn('the clock of this host is not that of the dashboard', { dashboardAheadSeconds: seconds }),
    );
    this.outbox = Outbox.open(join(state, 'outbox'), {
      firstSeq: (runId) => this.runs.find((hostRun) => hostRun.runId === runId)?.firstSeq ?? 0,
      onDiskFailure: (error) => log.error('the disk does not take an event: it is kept in memory', { error }),
    });
  }

  /** Tells how the host is at this address too; one whose port is taken lives on without. */
  async tellHealthAt(address: string): Promise<void> {
    await this.health
      ?.listen(address)
      .catch((error: unknown) => this.log.warn('nobody can ask for the health', { address, error }));
  }

  get phase(): Phase {
    return this.log.phase;
  }

  /** @throws Error when that phase did not get so far */
  get<K extends keyof Found>(what: K): Found[K] {
    const value = this.found[what];
    if (value === undefined) throw new Error(`host: ${what} is not known`);
    return value as Found[K];
  }

  /** Milliseconds until the cloud ends the host. */
  leftMs(): number {
    const { limits } = this.found;
    return limits === undefined ? Number.POSITIVE_INFINITY : Date.parse(limits.limitAt) - Date.now();
  }
}
