/** This host's end of the tunnel: up, kept true while peers change their keys, and its own key changed without a gap. */
import { setTimeout as delay } from 'node:timers/promises';
import { createSocket } from 'node:dgram';
import type { HostLog } from '../log/host-log';
import type { TunnelKey } from './keys';
import type { WgPeer } from './wg-config';
import type { WgInterface } from './wg-interface';

/** What a peer's key is, and where it listens, as far as that is known now. */
export interface PeerFacts {
  /** The key that holds, and while the peer changes it the next one; empty while nobody knows. */
  readonly publicKeys: readonly string[];
  readonly endpoint: string | null;
}

export interface TunnelPeer {
  readonly name: string;
  /** In the tunnel. */
  readonly address: string;
  /** Asked again and again. */
  readonly facts: () => Promise<PeerFacts>;
}

export interface TunnelOptions {
  readonly wg: WgInterface;
  readonly log: HostLog;
  readonly address: string;
  readonly prefixLength: number;
  readonly listenPort: number;
  readonly keepaliveSeconds: number;
  readonly peers: readonly TunnelPeer[];
  readonly key: TunnelKey;
  /** Between two looks at the handshakes. @default 1 s */
  readonly lookMs?: number;
  /** Sends anything to an address in the tunnel: WireGuard begins a handshake when there is something to say. @default - a datagram to nobody */
  readonly knock?: (address: string) => void;
  /** Between two questions for the keys of the peers. @default 30 s */
  readonly askMs?: number;
}

const FIRST_LOOK_MS = 50;

/** So long a session holds after its handshake: https://www.wireguard.com/papers/wireguard.pdf, section 6.1. */
const SESSION_SECONDS = 180;

export class Tunnel {
  private readonly facts = new Map<string, PeerFacts>();
  /** By peer: which of its keys has its address. */
  private readonly holder = new Map<string, string>();
  private key: TunnelKey;

  constructor(private readonly options: TunnelOptions) {
    this.key = options.key;
  }

  get publicKey(): string {
    return this.key.publicKey;
  }

  /** Takes the interface up. @throws Error */
  async up(): Promise<void> {
    const { wg, address, prefixLength } = this.options;
    await wg.up(address, prefixLength);
    await this.ask();
    await this.configure();
  }

  /** Resolves when every peer has proved who it is. @throws Error when the signal is given before, naming who has not */
  async connected(signal: AbortSignal): Promise<void> {
    const { lookMs = 1_000 } = this.options;
    // A peer that is there answers within a moment.
    for (let waitMs = FIRST_LOOK_MS; ; waitMs *= 2) {
      const silent = await this.silentPeers();
      if (silent.length === 0) return;
      if (signal.aborted) throw new Error(`tunnel: no handshake with ${silent.join(', ')}`);
      this.knock();
      await delay(Math.min(waitMs, lookMs), undefined, { signal }).catch(() => undefined);
      await this.look();
    }
  }

  /** Keeps the tunnel true until the signal is given. */
  async keep(signal: AbortSignal): Promise<void> {
    const { lookMs = 1_000, askMs = 30_000, log } = this.options;
    let askedMs = performance.now();
    while (!signal.aborted) {
      try {
        if (performance.now() - askedMs >= askMs) {
          askedMs = performance.now();
          await this.ask();
          await this.configure();
        }
        await this.look();
      } catch (error) {
        log.warn('the tunnel could not be looked after', { error });
      }
      await delay(lookMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /**
   * Speaks under another key from now on. The peers must accept it already, besides the one so far. When nobody answers to
   * it, the one so far is taken back. Returns whether it was changed.
   */
  async changeKey(key: TunnelKey, patience: AbortSignal): Promise<boolean> {
    const { wg, lookMs = 1_000, log } = this.options;
    const oldKey = this.key;
    const before = await this.settledHandshakes();
    this.key = key;
    await this.configure();
    while (!patience.aborted) {
      this.knock();
      const handshakes = await wg.handshakes();
      if ([...handshakes].some(([peer, at]) => (at?.getTime() ?? 0) > (before.get(peer)?.getTime() ?? 0)))
        return true;
      await delay(lookMs, undefined, { signal: patience }).catch(() => undefined);
    }
    this.key = oldKey;
    await this.configure();
    log.warn('nobody answers to the new key of the tunnel: the old one is back');
    return false;
  }

  /** Handshakes are told in whole seconds: one that comes after these will have another number. */
  private async settledHandshakes(): Promise<ReadonlyMap<string, Date | null>> {
    for (;;) {
      const handshakes = await this.options.wg.handshakes();
      const latest = Math.max(0, ...[...handshakes.values()].map((at) => at?.getTime() ?? 0));
      if (Date.now() - latest > 1_000) return handshakes;
      await delay(100);
    }
  }

  /** Seconds since each peer last proved who it is, by its name; null when it has not. */
  async handshakeAges(): Promise<ReadonlyMap<string, number | null>> {
    const handshakes = await this.options.wg.handshakes();
    return new Map(
      this.options.peers.map(({ name }) => {
        const times = (this.facts.get(name)?.publicKeys ?? []).map(
          (key) => handshakes.get(key)?.getTime() ?? 0,
        );
        const latest = Math.max(0, ...times);
        return [name, latest === 0 ? null : Math.max(0, (Date.now() - latest) / 1000)];
      }),
    );
  }

  private async silentPeers(): Promise<string[]> {
    const ages = [...(await this.handshakeAges())];
    return ages.filter(([, age]) => age === null || age > SESSION_SECONDS).map(([name]) => name);
  }

  private async ask(): Promise<void> {
    for (const { name, facts } of this.options.peers) {
      try {
        this.facts.set(name, await facts());
      } catch (error) {
        // What was known holds.
        this.options.log.warn('the key of a peer could not be asked for', { peer: name, error });
      }
    }
  }

  /** A peer that has proved itself by its next key gets its address under that one. */
  private async look(): Promise<void> {
    const before = JSON.stringify(this.wgPeers());
    if (this.options.peers.some(({ name }) => (this.facts.get(name)?.publicKeys.length ?? 0) === 0))
      await this.ask();
    const handshakes = await this.options.wg.handshakes();
    for (const { name } of this.options.peers) {
      const latest = (this.facts.get(name)?.publicKeys ?? [])
        .map((key) => ({ key, at: handshakes.get(key)?.getTime() ?? 0 }))
        .filter(({ at }) => at > 0)
        // The next key stands last: of the same second, it is the later one.
        .reduce<{ key: string; at: number } | undefined>((a, b) => (a && a.at > b.at ? a : b), undefined);
      if (latest) this.holder.set(name, latest.key);
    }
    if (JSON.stringify(this.wgPeers()) === before) return;
    this.options.log.info('a peer of the tunnel has another key now');
    await this.configure();
  }

  private configure(): Promise<void> {
    const { wg, listenPort, keepaliveSeconds } = this.options;
    const peers = this.wgPeers();
    return wg.configure({ privateKey: this.key.privateKey, listenPort, keepaliveSeconds, peers });
  }

  private wgPeers(): WgPeer[] {
    return this.options.peers.flatMap(({ name, address }) => {
      const { publicKeys, endpoint } = this.facts.get(name) ?? { publicKeys: [], endpoint: null };
      const held = this.holder.get(name);
      const holder = held !== undefined && publicKeys.includes(held) ? held : publicKeys[0];
      return publicKeys.map((publicKey) => ({
        publicKey,
        address: publicKey === holder ? address : null,
        endpoint,
      }));
    });
  }

  private knock(): void {
    const { peers, knock = sendDatagram } = this.options;
    for (const { address } of peers) knock(address);
  }
}

const DISCARD_PORT = 9;

function sendDatagram(address: string): void {
  const socket = createSocket('udp4');
  socket.on('error', () => socket.close());
  socket.send('', DISCARD_PORT, address, () => socket.close());
}
