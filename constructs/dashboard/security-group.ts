import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import type { IngressRule } from '../network/host-ingress';
import { HTTP_PORT, HTTPS_PORT } from '../network/ports';

/** A rule between two groups of ours. */
export interface LinkedGroupProps {
  readonly provider: AwsProvider;
  readonly vpcId: string;
  readonly name: string;
  /** Of the group. Its rule has none: the emulator echoes no description of a rule between groups, and no diff would be clean. */
  readonly description: string;
  /** The one port that is reached. */
  readonly port: number;
  /** Group that it is reached from. */
  readonly from: string;
  /** Whether it reaches anything itself. */
  readonly reachesOut: boolean;
}

/** A group that only another one of ours reaches. */
export class LinkedGroup extends Construct {
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: LinkedGroupProps) {
    super(scope, id);
    const { provider, name, description, vpcId, port, from, reachesOut } = props;
    const group = new SecurityGroup(this, 'group', {
      provider,
      name,
      description,
      vpcId,
      tags: { Name: name },
    });
    new VpcSecurityGroupIngressRule(this, 'in', {
      provider,
      securityGroupId: group.id,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      referencedSecurityGroupId: from,
    });
    if (reachesOut)
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

/** HTTPS for everybody, and HTTP that only leads there. */
export const publicIngress = (): readonly IngressRule[] =>
  [
    { port: HTTPS_PORT, description: 'dashboard' },
    { port: HTTP_PORT, description: 'the way to HTTPS' },
  ].map(({ port, description }) => ({
    port,
    protocol: 'tcp',
    cidr: '0.0.0.0/0',
    description,
    openBecause:
      'dashboard.exposure is public: what is not public reading asks for a token, and deliveries are signed',
  }));

/** From inside of the VPC alone. */
export const internalIngress = (vpcCidr: string, ports: readonly number[]): readonly IngressRule[] =>
  ports.map((port) => ({
    port,
    protocol: 'tcp',
    cidr: vpcCidr,
    description: 'dashboard, from inside the VPC',
  }));
