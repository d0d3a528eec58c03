import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { acknowledge } from '../policy/acknowledgement';
import type { IngressRule } from './host-ingress';

export { hostIngress, type IngressRule } from './host-ingress';

export interface HostSecurityGroupProps {
  readonly provider: AwsProvider;
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
  readonly ingress: readonly IngressRule[];
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
