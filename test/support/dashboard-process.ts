/** The real dashboard as a process, that a test starts, kills and starts again at the same address and with the same data. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SQLITE_FILE } from '../../dashboard/server/config';
import { openStore, type Store } from '../../dashboard/server/store/database';
import { migrate } from '../../dashboard/server/store/migrate';
import { createToken, secretSha256 } from '../../dashboard/server/store/tokens';
import { endProcess } from './end-process';
import { freePort } from './free-port';

export const PROGRAM = join(__dirname, '../../dashboard/bin/he300-dashboard.mjs');
const START_LIMIT_MS = 60_000;

export interface DashboardOptions {
  readonly dataDir: string;
  /** `postgres://…`. @default - SQLite in `dataDir` */
  readonly databaseUrl?: string;
  /** Whose hosts may send events. @default 'test' */
  readonly environment?: string;
  /** @default - made */
  readonly webhookKey?: string;
  /** A token that its environment's hosts upload with, besides. @default - none */
  readonly runnerToken?: string;
  /** Of its command line. @default PROGRAM */
  readonly program?: string;
  /** Builds the page first, where its sources have changed. @default false */
  readonly withPage?: boolean;
  /** More variables, or others. @default - none */
  readonly env?: Readonly<Record<string, string>>;
}

export class DashboardProcess {
  private child: ChildProcess | undefined;
  private written = '';

  private constructor(
    private readonly options: DashboardOptions,
    private readonly port: number,
    readonly webhookKey: string,
    /** Of an administrator. */
    readonly token: string,
  ) {}

  /** Migrated and with a token, but not started. */
  static async prepare(options: DashboardOptions): Promise<DashboardProcess> {
    mkdirSync(options.dataDir, { recursive: true });
    const store = storeOf(options);
    try {
      await migrate(store);
      const secret = await newAdmin(store, 'test');
      if (options.runnerToken !== undefined) await giveToken(store, options, options.runnerToken);
      return new DashboardProcess(options, await freePort(), webhookKeyOf(options), secret);
    } finally {
      await store.db.destroy();
    }
  }

  /** Not even its store is there, and it has no token: one that is to be restored. */
  static async empty(options: DashboardOptions): Promise<DashboardProcess> {
    mkdirSync(options.dataDir, { recursive: true });
    return new DashboardProcess(options, await freePort(), webhookKeyOf(options), '');
  }

  static async start(options: DashboardOptions): Promise<DashboardProcess> {
    const dashboard = await DashboardProcess.prepare(options);
    await dashboard.start();
    return dashboard;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child!.pid!;
  }

  /** Whatever it wrote, in all of its lives. */
  get output(): string {
    return this.written;
  }

  /** Its store, opened by this process beside it. Whoever opens it closes it. */
  openStore(): Store {
    return storeOf(this.options);
  }

  /** Where it keeps the files of runs. */
  get artifacts(): string {
    return join(this.options.dataDir, 'artifacts');
  }

  get dataDir(): string {
    return this.options.dataDir;
  }

  /** Of its environment: what a command beside it needs, too. */
  get variables(): Readonly<Record<string, string>> {
    const { dataDir, databaseUrl, environment = 'test', env = {} } = this.options;
    return {
      ...{ PORT: String(this.port), HOST: '127.0.0.1', HE300_DATA_DIR: dataDir },
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      ...{ HE300_WEBHOOK_KEYS: `${environment}=${this.webhookKey}`, ...env },
    };
  }

  /** Of another administrator. */
  async newToken(name: string): Promise<string> {
    const store = this.openStore();
    try {
      return await newAdmin(store, name);
    } finally {
      await store.db.destroy();
    }
  }

  async start(): Promise<void> {
    const { program = PROGRAM, withPage = false } = this.options;
    const child = spawn(process.execPath, [program, 'serve', ...(withPage ? ['--build'] : [])], {
      env: { ...process.env, ...this.variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    const keep = (chunk: Buffer): void => void (this.written += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    await this.untilReady(child);
  }

  /** As if its machine had lost power. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  /** In order. */
  async stop(): Promise<void> {
    if (this.child) await endProcess(this.child);
  }

  /** Asks as an administrator. */
  async get(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${this.token}` } });
  }

  /** @throws Error unless the answer is 200 */
  async json<T>(path: string): Promise<T> {
    const response = await this.get(path);
    if (response.status !== 200) throw new Error(`${path}: HTTP ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  private async untilReady(child: ChildProcess): Promise<void> {
    for (const started = Date.now(); Date.now() - started < START_LIMIT_MS; await delay(20)) {
      if (child.exitCode !== null) break;
      const ready = await fetch(`${this.url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (ready) return;
    }
    throw new Error(`the dashboard does not start:\n${this.written.slice(-2_000)}`);
  }
}

const storeOf = ({ dataDir, databaseUrl }: DashboardOptions): Store =>
  openStore({ path: join(dataDir, SQLITE_FILE), databaseUrl });

async function newAdmin({ db }: Store, name: string): Promise<string> {
  const wanted = { name, role: 'admin', environment: null, expiresInDays: null } as const;
  return (await createToken(db, wanted, new Date())).secret;
}

/** One that is known already, such as from the secrets of a test's hosts; the dashboard itself only makes new ones. */
async function giveToken(
  { db }: Store,
  { environment = 'test' }: DashboardOptions,
  secret: string,
): Promise<void> {
  const wanted = { name: 'hosts', role: 'runner', environment, expiresInDays: null } as const;
  const { id } = await createToken(db, wanted, new Date());
  await db
    .updateTable('token')
    .set({ secret_sha256: secretSha256(secret) })
    .where('id', '=', id)
    .execute();
}

const webhookKeyOf = ({
  webhookKey = `whsec_${randomBytes(32).toString('base64')}`,
}: DashboardOptions): string => webhookKey;
