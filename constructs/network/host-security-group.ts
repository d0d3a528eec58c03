import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import type { Environment } from '../../environments/schema';
import { acknowledge } from '../policy/acknowledgement';
import { GITHUB_CIDRS, HTTP_PORT, HTTPS_PORT, SSH_PORT, WIREGUARD_PORT } from './ports';

export interface HostSecurityGroupProps {
  readonly provider: AwsProvider;
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
  readonly ingress: readonly IngressRule[];
}

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

/** A host's security group: nothing in but what its mode needs, everything out. */
export class HostSecurityGroup extends Construct {
  readonly securityGroupId: string;

  constructor(
    scope: Construct,
    id: string,
    { provider, vpcId, name, description, ingress }: HostSecurityGroupProps,
  ) {
    super(scope, id);
    const group = new SecurityGroup(this, 'group', {
      provider,
      name,
      description,
      vpcId,
      tags: { Name: name },
    });
    for (const { port, protocol, cidr, description: purpose, openBecause } of ingress) {
      const rule = new VpcSecurityGroupIngressRule(this, `in-${port}-${cidr}`, {
        provider,
        securityGroupId: group.id,
        ipProtocol: protocol,
        fromPort: port,
        toPort: port,
        cidrIpv4: cidr,
        description: purpose,
      });
      if (openBecause) acknowledge(rule, 'no-world-open-port', openBecause);
    }
    // Model registries and package mirrors have no fixed addresses; the host reaches all of them by HTTPS.
    new VpcSecurityGroupEgressRule(this, 'out', {
      provider,
      securityGroupId: group.id,
      ipProtocol: '-1',
      cidrIpv4: '0.0.0.0/0',
      description: 'anywhere',
    });
    this.securityGroupId = group.id;
  }
}
