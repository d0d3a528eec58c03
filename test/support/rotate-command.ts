/** `npm run rotate` in a process of its own: as a job of GitHub calls it, with a real Vault and a real dashboard. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOST_API_KEYS, VAULT_PATHS } from '../../benchmark/src/contract/vault';
import { VaultClient } from '../../benchmark/src/vault';
import { SECRET_WORKFLOWS } from '../../constructs/identity/workflows';
import { loadEnvironment } from '../../environments';
import type { VaultSecrets } from '../../environments/schema';
import { ROTATED_AT, ROTATED_VERSION } from '../../ops/lib/rotation/engine';
import type { Fields } from '../../ops/lib/rotation/kind';
import { VaultSecretsOf } from '../../ops/lib/rotation/secrets';
import { applyVaultStack } from '../../ops/lib/vault/apply';
import { actionsTokenDouble, type ActionsTokenDouble } from './actions-token.double';
import { DashboardProcess } from './dashboard-process';
import { githubIssuer, type GithubIssuer } from './github-issuer';
import { Hearer } from './hearer';
import type { HostSecrets } from './live-host';
import type { VaultServer } from './vault';
import { stackWithIssuer } from './vault-stacks';

const PROJECT = join(__dirname, '../..');
const DAY_MS = 86_400_000;

export type Variables = Readonly<Record<string, string | undefined>>;

export interface Called {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const env = loadEnvironment('prod');
const { mount } = env.secrets as VaultSecrets;

export class RotateCommand {
  /** Whatever it wrote, each time. */
  written = '';
  private readonly secrets: VaultSecretsOf;

  private constructor(
    readonly directory: string,
    readonly vault: VaultServer,
    readonly issuer: GithubIssuer,
    readonly job: ActionsTokenDouble,
    readonly dashboard: DashboardProcess,
    /** Whoever hears of what was rotated. */
    readonly hearer: Hearer,
  ) {
    const client = new VaultClient({ address: vault.address });
    this.secrets = new VaultSecretsOf({ client, mount, token: () => Promise.resolve(vault.rootToken) });
  }

  /** For the environment `prod`. */
  static async prepare(vault: VaultServer): Promise<RotateCommand> {
    const directory = mkdtempSync(join(tmpdir(), 'he300-rotate-'));
    const [issuer, hearer] = await Promise.all([githubIssuer(), Hearer.start()]);
    await applyVaultStack(stackWithIssuer(env, issuer.url), {
      ...{ client: new VaultClient({ address: vault.address }), token: vault.rootToken },
    });
    const job = await jobOf(issuer, SECRET_WORKFLOWS.rotate[0]);
    const dashboard = await DashboardProcess.start({
      ...{ dataDir: join(directory, 'data'), environment: 'prod', env: { HE300_PUBLIC_READ: 'false' } },
    });
    return new RotateCommand(directory, vault, issuer, job, dashboard, hearer);
  }

  async end(): Promise<void> {
    const { dashboard, job, issuer, hearer, directory } = this;
    await Promise.all([dashboard.stop(), job.close(), issuer.close(), hearer.stop()]);
    rmSync(directory, { recursive: true, force: true });
  }

  start(args: readonly string[], more: Variables = {}): ChildProcess {
    const { vault, dashboard, job, hearer } = this;
    const variables: Variables = {
      ...{ VAULT_ADDR: vault.address, VAULT_TOKEN: undefined, ...job.variables },
      ...{ HE300_DASHBOARD_URL: dashboard.url, HE300_DASHBOARD_TOKEN: dashboard.token },
      HE300_ALERT_URL: hearer.url,
    };
    return spawn(process.execPath, ['--import', 'tsx', 'ops/rotate.ts', ...args], {
      ...{ cwd: PROJECT, env: { ...process.env, ...variables, ...more } },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  async call(args: readonly string[], more: Variables = {}, input = ''): Promise<Called> {
    const child = this.start(args, more);
    let [stdout, stderr] = ['', ''];
    child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdin!.end(input);
    const [code] = (await once(child, 'close')) as [number | null];
    this.written += stdout + stderr;
    return { code, stdout, stderr };
  }

  async read(path: string): Promise<Fields | undefined> {
    return (await this.secrets.read(path))?.fields;
  }

  /** What a host reads that begins now. */
  async hostSecrets(): Promise<HostSecrets> {
    const paths = [VAULT_PATHS.webhookKey, VAULT_PATHS.apiKey(HOST_API_KEYS.dashboard)];
    const [key, token] = await Promise.all(paths.map((path) => this.read(path)));
    return { webhookKey: key?.['key'], token: token?.['api_key'] };
  }

  /** As if so many days had passed since it was rotated. */
  async age(path: string, days: number): Promise<void> {
    const at = new Date(Date.now() - days * DAY_MS).toISOString();
    await this.secrets.note(path, (metadata) => ({
      [ROTATED_AT]: at,
      [ROTATED_VERSION]: String(metadata!.version),
    }));
  }

  /** Ends what waits for its overlap, but not what the overlap was for. */
  async forgetRecord(what: string): Promise<void> {
    await this.secrets.drop(VAULT_PATHS.rotation(what.replaceAll('/', '-')));
  }

  /** Of all secrets and records: how often each was written, and what is noted of it. */
  async metadata(folder = ''): Promise<Readonly<Record<string, unknown>>> {
    const seen: Record<string, unknown> = {};
    const metadata = `${mount}/metadata/${folder}`;
    const names = await this.vault.send<{ keys: readonly string[] }>({ method: 'LIST', path: metadata }).then(
      ({ data }) => data.keys,
      // An engine in which nothing was ever written.
      () => [],
    );
    for (const name of names)
      if (name.endsWith('/')) Object.assign(seen, await this.metadata(`${folder}${name}`));
      else
        seen[`${folder}${name}`] = (
          await this.vault.send({ method: 'GET', path: `${metadata}${name}` })
        ).data;
    return seen;
  }
}

/** A job of the workflow, in the environment and on the branch that may. */
export function jobOf(issuer: GithubIssuer, file: string): Promise<ActionsTokenDouble> {
  const { branch = 'main', applyEnvironment: environment, ...repository } = env.github!;
  return actionsTokenDouble(issuer, { ...repository, ref: `refs/heads/${branch}`, file, environment });
}
