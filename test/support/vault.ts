/** A real Vault for the tests: a server of its own on a loopback port, in memory, thrown away afterwards. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { VaultClient, VaultError, type VaultAnswer, type VaultRequest } from '../../benchmark/src/vault';
import type { Tool } from '../../ops/lib/tool';
import { endProcess } from './end-process';
import { freePort } from './free-port';

const START_LIMIT_MS = 60_000;

export interface VaultOptions {
  /** Unsealed, with a root token, as `vault server -dev` makes it; else as one that nobody has set up yet. @default true */
  readonly initialized?: boolean;
  /** Of one that nobody has set up: more lines of its configuration. @default - none */
  readonly lines?: readonly string[];
}

export class VaultServer {
  private child: ChildProcess | undefined;
  private written = '';

  private constructor(
    private readonly program: string,
    private readonly dir: string,
    private readonly port: number,
    private readonly options: VaultOptions,
    /** Of the administrator, where the server is set up. */
    readonly rootToken: string,
  ) {}

  static async start({ path }: Tool, options: VaultOptions = {}): Promise<VaultServer> {
    const port = await freePort();
    const dir = mkdtempSync(join(tmpdir(), 'he300-vault-'));
    const server = new VaultServer(path, dir, port, options, randomUUID());
    try {
      await server.start();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What it wrote. */
  get output(): string {
    return this.written;
  }

  /** Asks as the root, or with another token. */
  async send<T = Readonly<Record<string, unknown>>>(request: VaultRequest): Promise<VaultAnswer<T>> {
    return new VaultClient({ address: this.address }).send<T>({ token: this.rootToken, ...request });
  }

  /** Again at the same address: what stood in memory is gone. */
  async start(): Promise<void> {
    const { initialized = true } = this.options;
    const args = initialized
      ? [
          '-dev',
          '-dev-no-store-token',
          `-dev-root-token-id=${this.rootToken}`,
          `-dev-listen-address=127.0.0.1:${this.port}`,
        ]
      : [`-config=${this.config()}`];
    const child = spawn(this.program, ['server', ...args], {
      cwd: this.dir,
      env: { ...withoutVault(process.env), HOME: this.dir, VAULT_DISABLE_USER_LOCKOUT: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.written += chunk.toString()));
    for (const started = Date.now(); ; await delay(50)) {
      if (child.exitCode !== null)
        throw new Error(`vault ended with exit code ${child.exitCode}: ${this.written}`);
      if (await this.answers()) return;
      if (Date.now() - started > START_LIMIT_MS)
        throw new Error(`vault did not answer within ${START_LIMIT_MS / 1000} s: ${this.written}`);
    }
  }

  /** It takes connections, and answers nothing until it is resumed. */
  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    if (this.child) await endProcess(this.child);
  }

  async stop(): Promise<void> {
    if (this.child?.exitCode === null) this.child.kill('SIGTERM');
    if (this.child) await endProcess(this.child);
    rmSync(this.dir, { recursive: true, force: true });
  }

  private config(): string {
    const path = join(this.dir, 'vault.hcl');
    const lines = [
      'storage "inmem" {}',
      `listener "tcp" { address = "127.0.0.1:${this.port}" tls_disable = true }`,
      `api_addr = "${this.address}"`,
      'disable_mlock = true',
      ...(this.options.lines ?? []),
    ];
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  }

  private async answers(): Promise<boolean> {
    try {
      await this.send({ method: 'GET', path: 'sys/seal-status' });
      return true;
    } catch (error) {
      if (error instanceof VaultError) return false;
      throw error;
    }
  }
}

/** Whose machine it is may have a Vault of his own: nothing of that is a test's. */
export const withoutVault = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('VAULT_')));

/** One server for the suite it is called in. */
export function withVault(tool: Tool, options: VaultOptions = {}): () => VaultServer {
  let server: VaultServer | undefined;
  beforeAll(async () => {
    server = await VaultServer.start(tool, options);
  }, 2 * START_LIMIT_MS);
  afterAll(() => server?.stop());
  return () => {
    if (!server) throw new Error('Vault is not running outside of hooks and tests');
    return server;
  };
}
