/** A WireGuard interface: by the kernel where it has the module, else by `wireguard-go`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, type Run } from '../commands';
import { renderWgConfig, type WgConfig } from './wg-config';

export interface WgInterfaceOptions {
  readonly name: string;
  readonly run: Run;
  /** Where the configuration is written for the moment that `wg` reads it; only the owner gets in. */
  readonly directory: string;
}

/** For a path of 1,500 bytes: what WireGuard puts around a packet over IPv6 takes 80. */
const MTU = 1_420;

export class WgInterface {
  constructor(private readonly options: WgInterfaceOptions) {}

  /** Makes the interface where it is not there, gives it its address, and takes it up. @throws Error */
  async up(address: string, prefixLength: number): Promise<void> {
    const { name, run } = this.options;
    if ((await run('ip', 'link', 'show', 'dev', name)).code !== 0) await this.make();
    await must(run, 'ip', 'address', 'replace', `${address}/${prefixLength}`, 'dev', name);
    await must(run, 'ip', 'link', 'set', 'dev', name, 'mtu', String(MTU), 'up');
  }

  /** Makes it be as configured; sessions with peers that stay are kept. @throws Error */
  async configure(config: WgConfig): Promise<void> {
    const { name, run, directory } = this.options;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, `${name}.conf`);
    writeFileSync(path, renderWgConfig(config), { mode: 0o600 });
    try {
      await must(run, 'wg', 'syncconf', name, path);
    } finally {
      rmSync(path);
    }
  }

  /** When each peer last proved who it is, by its public key; null when it has not yet. @throws Error */
  async handshakes(): Promise<ReadonlyMap<string, Date | null>> {
    const { name, run } = this.options;
    const lines = (await must(run, 'wg', 'show', name, 'latest-handshakes'))
      .trim()
      .split('\n')
      .filter(Boolean);
    return new Map(
      lines.map((line) => {
        const [publicKey, seconds] = line.split('\t');
        return [publicKey!, Number(seconds) > 0 ? new Date(Number(seconds) * 1000) : null];
      }),
    );
  }

  async down(): Promise<void> {
    const { name, run } = this.options;
    await run('ip', 'link', 'delete', 'dev', name);
  }

  private async make(): Promise<void> {
    const { name, run } = this.options;
    const byKernel = await run('ip', 'link', 'add', 'dev', name, 'type', 'wireguard');
    if (byKernel.code === 0) return;
    const byProgram = await run('wireguard-go', name);
    if (byProgram.code !== 0)
      throw new Error(
        `tunnel: neither the kernel nor wireguard-go makes ${name}: ${lastLine(byKernel.stderr)}; ${lastLine(byProgram.stderr)}`,
      );
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
