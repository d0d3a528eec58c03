/** The rules of a host that others reach: nftables, https://wiki.nftables.org. */
import {
  FIREWALL_TABLE,
  HEALTH_PORT,
  MODEL_SERVER_PORTS,
  TUNNEL_INTERFACE,
  type HostConfig,
} from '@he300/benchmark/contract';
import { HTTP_PORT, HTTPS_PORT, SSH_PORT } from '../constructs/network/ports';

export interface FirewallProps {
  readonly host: Pick<HostConfig, 'network' | 'modelServer'>;
  /** Who may reach the administrator's port. */
  readonly adminCidrs: readonly string[];
}

export const TAILNET_INTERFACE = 'tailscale0';

/** The interface by which others reach the model server; undefined where none does. */
export function tunnelInterface({ kind }: HostConfig['network']): string | undefined {
  if (kind === 'wireguard') return TUNNEL_INTERFACE;
  return kind === 'tailscale' ? TAILNET_INTERFACE : undefined;
}

/**
 * Lets in what the mode needs and drops the rest. A table of our own, replaced as a whole: other programs' rules stay,
 * and theirs cannot let in what is dropped here.
 */
export function firewallRules({ host: { network, modelServer }, adminCidrs }: FirewallProps): string {
  const tunnel = tunnelInterface(network);
  const input = [
    'iif lo accept',
    'ct state established,related accept',
    'ct state invalid drop',
    // Path MTU and neighbours; the address of the host itself comes by DHCP.
    // By their numbers: the names of ICMP and ICMPv6 stand in a file that small images lack.
    'meta l4proto { 1, 58 } accept',
    'udp sport { 67, 547 } udp dport { 68, 546 } accept',
    ...(network.kind === 'wireguard' ? [`udp dport ${network.listenPort} accept`] : []),
    ...(network.kind === 'direct' ? directRules(network.allow) : []),
    ...from(adminCidrs, `tcp dport ${SSH_PORT} accept`),
    ...(tunnel ? [`iifname "${tunnel}" tcp dport { ${tunnelPorts(modelServer).join(', ')} } accept`] : []),
  ];
  // What comes out of the tunnel ends here: a peer must not look around in the cloud's network.
  const forward = tunnel ? [`iifname "${tunnel}" drop`, `oifname "${tunnel}" drop`] : [];
  return [
    `table inet ${FIREWALL_TABLE}`,
    `delete table inet ${FIREWALL_TABLE}`,
    `table inet ${FIREWALL_TABLE} {`,
    chain('input', 'drop', input),
    ...(forward.length > 0 ? [chain('forward', 'accept', forward)] : []),
    '}',
    '',
  ].join('\n');
}

const chain = (hook: string, policy: string, rules: readonly string[]): string =>
  [
    `  chain ${hook} {`,
    `    type filter hook ${hook} priority filter; policy ${policy};`,
    ...rules.map((rule) => `    ${rule}`),
    '  }',
  ].join('\n');

const from = (cidrs: readonly string[], rule: string): string[] =>
  cidrs.length > 0 ? [`ip saddr { ${[...new Set(cidrs)].join(', ')} } ${rule}`] : [];

/** Let's Encrypt proves the domain on port 80, from addresses that it does not publish; Caddy answers it alone there. */
const directRules = (allow: readonly string[]): string[] => [
  ...from(allow, `tcp dport ${HTTPS_PORT} accept`),
  `tcp dport ${HTTP_PORT} accept`,
];

function tunnelPorts({ kind }: HostConfig['modelServer']): readonly number[] {
  return kind === 'ollama' || kind === 'vllm' ? [MODEL_SERVER_PORTS[kind], HEALTH_PORT] : [HEALTH_PORT];
}
