/** What may reach a host, apart from what enforces it: a security group on AWS, a firewall ruleset on Lambda Cloud. */
import type { Environment } from '../../environments/schema';
import { GITHUB_CIDRS, HTTP_PORT, HTTPS_PORT, SSH_PORT, WIREGUARD_PORT } from './ports';

export interface IngressRule {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly cidr: string;
  readonly description: string;
  /** Why the rule may be open to the world. @default - it is not */
  readonly openBecause?: string;
}

/**
 * What may reach the host, by its network mode. The Lambda Cloud firewall is made from the same list.
 *
 * | mode | opens |
 * |---|---|
 * | outbound, tailscale | nothing |
 * | wireguard | 51820/udp, from anywhere: WireGuard answers nobody who lacks a key |
 * | direct | 443/tcp, from the allow list; 80/tcp from anywhere, for the proof of the domain |
 */
export function hostIngress(network: Environment['network']): readonly IngressRule[] {
  const admin = [...new Set(network.adminCidrs)].map((cidr) => ({
    port: SSH_PORT,
    protocol: 'tcp' as const,
    cidr,
    description: 'administration',
  }));
  return [...modeIngress(network.mode), ...admin];
}

function modeIngress(mode: Environment['network']['mode']): readonly IngressRule[] {
  switch (mode.kind) {
    case 'outbound':
    case 'tailscale':
      return [];
    case 'wireguard':
      return [{ port: WIREGUARD_PORT, protocol: 'udp', cidr: '0.0.0.0/0', description: 'WireGuard' }];
    case 'direct':
      return [
        ...[...new Set(mode.allow.flatMap((entry) => (entry === 'github' ? GITHUB_CIDRS : [entry])))].map(
          (cidr) => ({ port: HTTPS_PORT, protocol: 'tcp' as const, cidr, description: 'model API' }),
        ),
        {
          port: HTTP_PORT,
          protocol: 'tcp',
          cidr: '0.0.0.0/0',
          description: 'proof of the domain',
          openBecause:
            "Let's Encrypt proves the domain from addresses that it does not publish; Caddy answers nothing else there but redirections",
        },
      ];
  }
}
