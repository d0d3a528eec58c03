/** The configuration that `wg syncconf` reads: wg(8), "Configuration file format". */
import type { Secret } from '../log/secret';

export interface WgPeer {
  readonly publicKey: string;
  /** Its address in the tunnel; null while another key of the same peer has it: WireGuard gives an address to one key. */
  readonly address: string | null;
  /** Null when it dials in. */
  readonly endpoint: string | null;
}

export interface WgConfig {
  readonly privateKey: Secret;
  readonly listenPort: number;
  readonly keepaliveSeconds: number;
  readonly peers: readonly WgPeer[];
}

/** The text, with the private key in it: for a file that only its owner reads. */
export function renderWgConfig({ privateKey, listenPort, keepaliveSeconds, peers }: WgConfig): string {
  const sections = [
    ['[Interface]', `PrivateKey = ${privateKey.reveal()}`, `ListenPort = ${listenPort}`],
    ...peers.map(({ publicKey, address, endpoint }) => [
      '[Peer]',
      `PublicKey = ${publicKey}`,
      ...(address === null ? [] : [`AllowedIPs = ${address}/32`]),
      ...(endpoint === null ? [] : [`Endpoint = ${endpoint}`]),
      `PersistentKeepalive = ${keepaliveSeconds}`,
    ]),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
