/**
 * The other end of a host's tunnel, on this machine: wireguard-go, whose UDP socket a booted host reaches at the machine's
 * loopback, while the tunnel itself ends in a network namespace, where its addresses are in nobody's way.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endProcess } from '../end-process';
import { MACHINE } from './boot';
import { output, run } from './command';

const MTU = '1280';

export class TunnelPeer {
  private readonly dir = mkdtempSync(join(tmpdir(), 'he300-peer-'));
  /** Of the interface and of the namespace. Linux takes 15 characters. */
  private readonly name = `he${process.pid.toString(36)}p`;
  private readonly children: ChildProcess[] = [];
  private readonly servers: Server[] = [];
  readonly publicKey: string;
  private port = 0;

  constructor() {
    const key = output('wg', ['genkey']);
    this.publicKey = run('wg', ['pubkey'], key).toString().trim();
    writeFileSync(join(this.dir, 'key'), key, { mode: 0o600 });
  }

  /** Where a booted host reaches it. */
  get endpoint(): string {
    return `${MACHINE}:${this.port}`;
  }

  /** @param address in the tunnel, with its prefix length */
  async up(address: string): Promise<void> {
    const { name } = this;
    run('ip', ['netns', 'add', name]);
    await this.start('wireguard-go', ['--foreground', name], /UAPI listener started/, {
      LOG_LEVEL: 'verbose',
    });
    // Without a port of its own it takes what the system gives it.
    run('wg', ['set', name, 'private-key', join(this.dir, 'key')]);
    this.port = Number(output('wg', ['show', name, 'listen-port']));
    run('ip', ['link', 'set', name, 'netns', name]);
    run('ip', ['-n', name, 'address', 'add', address, 'dev', name]);
    run('ip', ['-n', name, 'link', 'set', 'dev', name, 'mtu', MTU, 'up']);
  }

  /** Accepts a host by its key. Where it is, it says by dialling in. */
  accept(publicKey: string, address: string): void {
    run('wg', ['set', this.name, 'peer', publicKey, 'allowed-ips', `${address}/32`]);
  }

  /** Bytes that came through the tunnel from the host with this key. */
  bytesFrom(publicKey: string): number {
    const lines = output('wg', ['show', this.name, 'transfer'])
      .split('\n')
      .map((line) => line.split('\t'));
    return Number(lines.find(([key]) => key === publicKey)?.[1] ?? 0);
  }

  /** Offers a server of this machine at an address of the tunnel; connections cross the namespace's border by a socket file. */
  async offer(
    address: string,
    port: number,
    target: { readonly hostname: string; readonly port: number },
  ): Promise<void> {
    const socket = join(this.dir, `${port}.sock`);
    const server = createServer((near) => {
      const far = connect(target.port, target.hostname);
      near.pipe(far).pipe(near);
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
    });
    await once(server.listen(socket), 'listening');
    this.servers.push(server);
    const relay = `const { connect, createServer } = require('node:net');
      createServer((near) => {
        const far = connect(${JSON.stringify(socket)});
        near.pipe(far).pipe(near);
        near.on('error', () => far.destroy());
        far.on('error', () => near.destroy());
      }).listen(${port}, ${JSON.stringify(address)}, () => console.log('offered'));`;
    await this.start('ip', ['netns', 'exec', this.name, process.execPath, '-e', relay], /^offered$/);
  }

  async remove(): Promise<void> {
    for (const server of this.servers) server.close();
    await Promise.all(this.children.map(endProcess));
    // There is none where it could not be made, and nothing else to be said about that.
    spawnSync('ip', ['netns', 'delete', this.name]);
    rmSync(this.dir, { recursive: true });
  }

  /** Resolves when it says that it is there. Ends with this process, however that ends. */
  private async start(
    program: string,
    args: readonly string[],
    ready: RegExp,
    env: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.children.push(child);
    child.stderr.resume();
    for await (const line of createInterface(child.stdout)) {
      if (!ready.test(line)) continue;
      child.stdout.resume();
      return;
    }
    throw new Error(`${program} ${args.join(' ')} ended before it was ready`);
  }
}
