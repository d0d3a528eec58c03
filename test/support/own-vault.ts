/** A real Vault that runs by the configuration which the VM of an environment gets, with a directory and ports of its own. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VaultClient, VaultError, type VaultAnswer, type VaultRequest } from '../../benchmark/src/vault';
import type { Emulator } from '../../ops/lib/emulator';
import type { Tool } from '../../ops/lib/tool';
import { buildVaultVmProgram } from '../../ops/lib/vault-vm-program';
import {
  vaultConfig,
  vaultVmConfig,
  VAULT_LOOPBACK,
  VAULT_SERVER_PATHS,
  type VaultServerProps,
  type VaultVmConfig,
} from '../../userdata/vault-server/config';
import { until } from './cloud';
import { endProcess } from './end-process';
import { freePort } from './free-port';

export interface VmCommand {
  readonly code: number | null;
  readonly said: string;
}

export class OwnVault {
  private child: ChildProcess | undefined;
  private written = '';

  private constructor(
    private readonly tool: Tool,
    private readonly dir: string,
    readonly port: number,
    readonly vm: VaultVmConfig,
    /** Of every program on the machine. */
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async prepare(
    tool: Tool,
    props: VaultServerProps,
    emulator: Pick<Emulator, 'endpoint' | 'env'>,
  ): Promise<OwnVault> {
    const dir = mkdtempSync(join(tmpdir(), 'he300-own-vault-'));
    const [port, cluster] = [await freePort(), await freePort()];
    const here = (config: object): string =>
      JSON.stringify(config)
        .replaceAll(VAULT_SERVER_PATHS.data, dir)
        .replaceAll('127.0.0.1:8200', `127.0.0.1:${port}`)
        .replaceAll('127.0.0.1:8201', `127.0.0.1:${cluster}`);
    for (const name of ['raft', 'keeper']) mkdirSync(join(dir, name));
    writeFileSync(join(dir, 'vault.json'), here(vaultConfig(props)));
    const vm = JSON.parse(here(vaultVmConfig(props, tool.path))) as VaultVmConfig;
    writeFileSync(join(dir, 'vm.json'), JSON.stringify(vm));
    if (vm.address === VAULT_LOOPBACK) throw new Error('the port was not replaced');
    // What an image that stands on the emulator has in `/etc/he300/environment`.
    const env = { ...emulator.env, AWS_REGION: 'us-east-1', AWS_KMS_ENDPOINT: emulator.endpoint };
    return new OwnVault(tool, dir, port, vm, env);
  }

  /** What it wrote. */
  get output(): string {
    return this.written;
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  send<T = Readonly<Record<string, unknown>>>(request: VaultRequest): Promise<VaultAnswer<T>> {
    return new VaultClient({ address: this.vm.address, timeLimitMs: 60_000 }).send<T>(request);
  }

  /** Resolves when it listens, or has ended. @param env more variables */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const child = spawn(this.tool.path, ['server', `-config=${join(this.dir, 'vault.json')}`], {
      env: { HOME: this.dir, PATH: process.env.PATH ?? '', ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.written += chunk.toString()));
    await until(async () => !this.isRunning || (await this.answers()), 'Vault');
  }

  /** Until it is open and leads, as systemd's next start of a client would find it. */
  untilOpen(): Promise<void> {
    const health = async (): Promise<boolean> =>
      (await fetch(`${this.vm.address}/v1/sys/health`).catch(() => undefined))?.status === 200;
    return until(health, `an open Vault: ${this.written.slice(-2000)}`);
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    if (this.child) await endProcess(this.child);
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Our program, as the VM runs it. @param env more variables */
  run(command: string, env: Readonly<Record<string, string>> = {}): Promise<VmCommand> {
    const args = [buildVaultVmProgram().path, command, join(this.dir, 'vm.json')];
    // The SDK warns of Node 20, which is no VM's.
    const variables = { PATH: process.env.PATH ?? '', ...this.env, NODE_NO_WARNINGS: '1', ...env };
    return new Promise((resolve) => {
      const child = execFile(process.execPath, args, { env: variables }, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode, said: stdout + stderr }),
      );
    });
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
