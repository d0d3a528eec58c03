/** `npm run vault-init` as a process, Vaults that it works on, and files for their keys. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VaultClient } from '../../benchmark/src/vault';
import { namesOf } from '../../constructs/naming/names';
import type { Tool } from '../../ops/lib/tool';
import { compareVaultStack, driftLine } from '../../ops/lib/vault/compare';
import type { VaultKeys } from '../../ops/lib/vault/seal';
import { githubIssuer, type GithubIssuer } from './github-issuer';
import { VaultServer } from './vault';
import { FULL, stackWithIssuer } from './vault-stacks';
import { Workspace, type Finished, type Running } from './workspace';

const FULL_MAIN = join(__dirname, 'vault-init-main.ts');

type Env = Readonly<Record<string, string>>;

export class VaultInits {
  readonly workspace = new Workspace(() => ({}));
  private readonly dir = mkdtempSync(join(tmpdir(), 'he300-vault-init-'));
  private readonly servers: VaultServer[] = [];
  private files = 0;

  constructor(
    private readonly tool: Tool,
    private readonly issuer: GithubIssuer,
  ) {}

  /** One that nobody has set up. @param lines more of its configuration */
  async fresh(lines: readonly string[] = []): Promise<VaultServer> {
    return this.kept(await VaultServer.start(this.tool, { initialized: false, lines }));
  }

  /** One that somebody has. */
  async had(): Promise<VaultServer> {
    return this.kept(await VaultServer.start(this.tool));
  }

  private kept(server: VaultServer): VaultServer {
    this.servers.push(server);
    return server;
  }

  /** A path at which nothing is. */
  newFile(): string {
    return join(this.dir, `keys-${++this.files}.json`);
  }

  keysIn(file: string): VaultKeys {
    return JSON.parse(readFileSync(file, 'utf8')) as VaultKeys;
  }

  clientOf({ address }: VaultServer): VaultClient {
    return new VaultClient({ address });
  }

  start({ address }: VaultServer, args: readonly string[], env: Env = {}): Running {
    const command = [process.execPath, '--import', 'tsx', 'ops/vault-init.ts', ...args] as const;
    return this.workspace.start([...command], { VAULT_ADDR: address, ...env });
  }

  run(server: VaultServer, args: readonly string[], env?: Env): Promise<Finished> {
    return this.start(server, args, env).finished;
  }

  /** For `FULL`, GitHub's keys read on loopback. */
  startFull({ address }: VaultServer, args: readonly string[], env: Env = {}): Running {
    return this.workspace.start([process.execPath, '--import', 'tsx', FULL_MAIN, 'prod', ...args], {
      VAULT_ADDR: address,
      HE300_TEST_ISSUER: this.issuer.url,
      TF_VAR_postgres_admin_password: 'canary',
      ...env,
    });
  }

  runFull(server: VaultServer, args: readonly string[], env?: Env): Promise<Finished> {
    return this.startFull(server, args, env).finished;
  }

  stack() {
    return stackWithIssuer(FULL, this.issuer.url);
  }

  async drifts(server: VaultServer, token: string): Promise<readonly string[]> {
    const access = { client: this.clientOf(server), token, names: namesOf(FULL) };
    return (await compareVaultStack(this.stack(), access)).map(driftLine);
  }

  async stopServers(): Promise<void> {
    for (const server of this.servers.splice(0)) await server.stop();
  }

  async close(): Promise<void> {
    await this.stopServers();
    await this.issuer.close();
    this.workspace.remove();
    rmSync(this.dir, { recursive: true });
  }
}

/** For the suite it is called in. A test's Vaults end with it. */
export function withVaultInits(tool: Tool): () => VaultInits {
  let inits: VaultInits | undefined;
  beforeAll(async () => void (inits = new VaultInits(tool, await githubIssuer())));
  afterEach(() => inits?.stopServers());
  afterAll(() => inits?.close());
  return () => {
    if (!inits) throw new Error('there is none outside of hooks and tests');
    return inits;
  };
}

/** The token that it prints with the next command, for a person. */
export const tokenIn = (stdout: string): string | undefined =>
  /^next +.*VAULT_TOKEN=(\S+)/m.exec(stdout)?.[1];
