/** Real ends of tunnels, made by the host's own code, on machines that share nothing but a wire; and what is sent between them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runProgram, type Run } from '../../benchmark/src/host/commands';
import { HostLog } from '../../benchmark/src/host/log/host-log';
import { Redactor } from '../../benchmark/src/host/log/redactor';
import { tunnelKeyIn, type TunnelKey } from '../../benchmark/src/host/tunnel/keys';
import { Tunnel } from '../../benchmark/src/host/tunnel/tunnel';
import { WgInterface } from '../../benchmark/src/host/tunnel/wg-interface';
import type { Machine } from './netns';

export const KEEPALIVE_SECONDS = 5;
export const TUNNEL_PORT = 51_820;
/** Between two datagrams of a stream. */
const EVERY_MS = 20;
/** As many as are sent while WireGuard, at the latest, says something by itself. */
export const KEEPALIVE_DATAGRAMS = (KEEPALIVE_SECONDS * 1000) / EVERY_MS;

export interface End {
  readonly tunnel: Tunnel;
  readonly wg: WgInterface;
  readonly run: Run;
}

export interface Opposite {
  readonly address: string;
  readonly at: Machine;
  /** As this end knows them now. */
  readonly keys: () => readonly string[] | Promise<readonly string[]>;
}

export const on =
  ({ name }: Machine): Run =>
  (program, ...args) =>
    runProgram('ip', 'netns', 'exec', name, program, ...args);

export class TunnelEnds {
  readonly redactor = new Redactor();
  /** What the ends logged. */
  readonly lines: string[] = [];
  private readonly log = new HostLog({
    redactor: this.redactor,
    write: (line) => void this.lines.push(line),
  });
  private readonly processes: ChildProcess[] = [];
  private readonly ends: End[] = [];
  private readonly keeping = new AbortController();

  /** @param dir of keys and control sockets */
  constructor(private readonly dir: string) {}

  key(name: string): TunnelKey {
    return tunnelKeyIn(join(this.dir, name), this.redactor);
  }

  end(machine: Machine, address: string, key: TunnelKey, peer: Opposite): End {
    const run = on(machine);
    // The control sockets of wireguard-go stand in one directory for all namespaces.
    const wg = new WgInterface({ name: machine.name, run, directory: join(this.dir, 'wg') });
    const endpoint = `${peer.at.address}:${TUNNEL_PORT}`;
    const tunnel = new Tunnel({
      ...{ wg, log: this.log, address, prefixLength: 24, listenPort: TUNNEL_PORT },
      ...{ keepaliveSeconds: KEEPALIVE_SECONDS, key, lookMs: 200, askMs: 400 },
      knock: (to) => void run('bash', '-c', `echo > /dev/udp/${to}/9`),
      peers: [
        {
          ...{ name: `peer of ${machine.name}`, address: peer.address },
          facts: async () => ({ publicKeys: await peer.keys(), endpoint }),
        },
      ],
    });
    const made = { tunnel, wg, run };
    this.ends.push(made);
    return made;
  }

  /** Until the end of the suite. */
  keep({ tunnel }: End): void {
    void tunnel.keep(this.keeping.signal);
  }

  /** What arrives, a line a datagram, after `ready`. */
  listen(machine: Machine, address: string): { readonly lines: readonly string[] } {
    return this.program(
      machine,
      `const s = require('dgram').createSocket('udp4');
       s.on('message', (m) => console.log(String(m)));
       s.bind(5000, '${address}', () => console.log('ready'));`,
    );
  }

  /** Numbered datagrams, each with the name of who sent it. */
  stream(machine: Machine, to: string): void {
    this.program(
      machine,
      `const s = require('dgram').createSocket('udp4'); let n = 0; s.on('error', () => {});
       setInterval(() => s.send('${machine.name} ' + n++, 5000, '${to}', () => {}), ${EVERY_MS});`,
    );
  }

  async close(): Promise<void> {
    this.keeping.abort();
    for (const child of this.processes) child.kill('SIGKILL');
    for (const { wg } of this.ends) await wg.down();
  }

  /** A program on a machine that prints lines. */
  private program({ name }: Machine, script: string): { readonly lines: readonly string[] } {
    const child = spawn('ip', ['netns', 'exec', name, process.execPath, '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.processes.push(child);
    const said: string[] = [];
    createInterface(child.stdout).on('line', (line) => said.push(line));
    return { lines: said };
  }
}

/** How many of a stream did not arrive, from what did. */
export function lostOf(lines: readonly string[]): number {
  const numbers = lines.filter((line) => line !== 'ready').map((line) => Number(line.split(' ')[1]));
  const gaps = numbers.slice(1).map((n, i) => n - numbers[i]! - 1);
  return gaps.reduce((sum, gap) => sum + Math.max(0, gap), 0);
}
