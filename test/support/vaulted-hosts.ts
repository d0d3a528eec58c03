/** Hosts of the environment `test` whose secrets are in a real Vault, with everything round them, and what each must leave behind. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelDouble, type ModelDouble } from '../../benchmark/src/engines/model-double';
import type { RunEvent } from '../../benchmark/src/contract/event';
import type { HostConfig } from '../../benchmark/src/contract/host-config';
import { buildRunnerBundle } from '../../ops/lib/bundle';
import type { Emulator } from '../../ops/lib/emulator';
import type { Tool } from '../../ops/lib/tool';
import { withEmulator } from './emulator';
import { call } from './he300';
import { HostProcess, type HostProcessOptions } from './host-process';
import { HostVault } from './host-vault';
import { HostWorld, REGION, type Instance } from './host-world';
import type { ImdsRole } from './imds.double';
import type { ReceivedRun, ReceiverDouble } from './receiver.double';

export interface StartOptions extends Partial<Omit<HostProcessOptions, 'config'>> {
  /** @default - none that answers */
  readonly dashboard?: ReceiverDouble;
  readonly secrets: HostConfig['secrets'];
  /** Whether it lives on when the test is over that started it. @default false */
  readonly outlivesTest?: boolean;
}

export class VaultedHosts {
  private readonly ofTest: HostProcess[] = [];
  private readonly ofSuite: HostProcess[] = [];
  private disks = 0;

  private constructor(
    readonly dir: string,
    readonly world: HostWorld,
    readonly vault: HostVault,
    private readonly parts: {
      readonly bundle: string;
      readonly emulator: Pick<Emulator, 'endpoint' | 'env'>;
      readonly model: ModelDouble;
      readonly role: ImdsRole;
    },
  ) {}

  static async make(tool: Tool, emulator: Pick<Emulator, 'endpoint' | 'env'>): Promise<VaultedHosts> {
    const dir = mkdtempSync(join(tmpdir(), 'he300-host-vault-'));
    const bundle = buildRunnerBundle(join(dir, 'he300.mjs')).path;
    const world = await HostWorld.make(emulator);
    const model = await modelDouble({ slots: 4, answerMs: 20 });
    const vault = await HostVault.start({ tool, emulator, secrets: world.secrets });
    const role = await vault.instanceRole();
    return new VaultedHosts(dir, world, vault, { bundle, emulator, model, role });
  }

  get emulator(): Pick<Emulator, 'endpoint'> {
    return this.parts.emulator;
  }

  get role(): ImdsRole {
    return this.parts.role;
  }

  instance(): Promise<Instance> {
    return this.world.instance(undefined, this.role);
  }

  start(instance: Instance, options: StartOptions): HostProcess {
    const { dashboard, secrets, env = {}, outlivesTest = false, ...more } = options;
    const { bundle, model } = this.parts;
    const host = new HostProcess({
      ...{ bundle, dir: join(this.dir, `disk-${this.disks++}`), instance },
      config: this.world.config({ dashboardUrl: dashboard?.url ?? 'http://127.0.0.1:1', secrets }),
      env: { ...this.world.env(instance), HE300_MODEL_SERVER_URL: model.url.origin, ...env },
      ...more,
    });
    (outlivesTest ? this.ofSuite : this.ofTest).push(host);
    return host;
  }

  /** It has run, reported and ended, and no secret is where none should be. */
  async expectComplete(host: HostProcess, instance: Instance, dashboard: ReceiverDouble): Promise<void> {
    await this.expectEnded(host, instance);
    expect(dashboard.violations).toEqual([]);
    const run = dashboard.runs.get(runIdOf(instance))!;
    expect(run.state).toBe('COMPLETED');
    expect(run.artifacts.get('results.json')).toBeDefined();
    await this.expectNoSecret(host, instance, run);
  }

  /** What the host without its key could not tell stands in the bucket, and arrives when somebody delivers it. */
  async causeOf(host: HostProcess, instance: Instance): Promise<string> {
    await this.expectEnded(host, instance);
    const { world, parts } = this;
    const [runId, dashboard] = [runIdOf(instance), await world.dashboard()];
    const where = ['--bucket', world.bucket, '--region', REGION, '--dashboard', dashboard.url];
    const { code, stderr } = await call({
      ...{ argv: ['deliver', runId, ...where], program: parts.bundle },
      env: { ...parts.emulator.env, HE300_WEBHOOK_KEY: world.secrets.webhookKey },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const run = dashboard.runs.get(runId)!;
    const last = run.events.at(-1) as Extract<RunEvent, { type: 'run.failed' }>;
    expect(last).toMatchObject({ type: 'run.failed', phase: 'secrets', interrupted: false });
    expect(last.cause).not.toContain('\n');
    await this.expectNoSecret(host, instance, run);
    return last.cause;
  }

  /** As a test finds them. */
  async endTest(): Promise<void> {
    for (const host of this.ofTest.splice(0)) await host.lose();
    await this.vault.letIn();
    await this.vault.allow();
    await this.vault.keep(this.world.secrets);
  }

  async end(): Promise<void> {
    for (const host of [...this.ofTest, ...this.ofSuite]) await host.lose();
    await Promise.all([this.vault.stop(), this.world.end(), this.parts.model.close()]);
    rmSync(this.dir, { recursive: true });
  }

  private async expectEnded(host: HostProcess, instance: Instance): Promise<void> {
    expect(await host.ended).toBe(0);
    expect(host.systemctl.at(-1)).toBe('--no-block poweroff');
    expect(await this.world.stateOf(instance)).toBe('terminated');
  }

  /** Neither in what it wrote, nor on its disk, in the bucket, or at the dashboard. */
  private async expectNoSecret(host: HostProcess, instance: Instance, run: ReceivedRun): Promise<void> {
    const everything = [
      host.journal,
      ...filesBelow(host.state),
      await this.world.kept(runIdOf(instance)),
      JSON.stringify(run.events),
      ...[...run.artifacts.values()].map(({ body }) => body.toString('latin1')),
    ].join('\n');
    expect(everything).toContain('phase begins');
    expect(this.world.secretsIn(everything)).toEqual([]);
    const { SecretAccessKey, SessionToken } = this.role.credentials;
    for (const secret of [SecretAccessKey, SessionToken]) expect(everything).not.toContain(secret);
    // Tokens of Vault, also those that wrap something: https://developer.hashicorp.com/vault/docs/concepts/tokens
    expect(everything.match(/\bhv[sb]\.[\w-]{8}/)).toBeNull();
  }
}

/** For the suite it is called in. */
export function withVaultedHosts(tool: Tool): () => VaultedHosts {
  const emulator = withEmulator();
  let hosts: VaultedHosts | undefined;
  beforeAll(async () => {
    hosts = await VaultedHosts.make(tool, emulator);
  });
  afterEach(() => hosts?.endTest());
  afterAll(() => hosts?.end());
  return () => {
    if (!hosts) throw new Error('there are no hosts outside of hooks and tests');
    return hosts;
  };
}

export const runIdOf = ({ id }: Instance): string => `test-${id}`;

/** Messages of a level in its log. */
export const said = ({ lines }: HostProcess, level: string): string[] =>
  lines.filter((line) => line.level === level).map(({ message }) => message);

export const attemptsAtSecrets = ({ lines }: HostProcess): number =>
  lines.filter(({ phase, message }) => phase === 'secrets' && message === 'phase begins').length;

const filesBelow = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'));
