import { DataAwsKmsAlias } from '@cdktf/provider-aws/lib/data-aws-kms-alias';
import { DataAwsVpc } from '@cdktf/provider-aws/lib/data-aws-vpc';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import type { Environment } from '../../environments/schema';
import { namesOf } from '../naming/names';
import { HostPlacement } from './host-placement';

export interface ServicePlacementProps {
  readonly environment: Environment;
  readonly provider: AwsProvider;
  /** Letters of the zones in the home region that the service stands in. */
  readonly zones: readonly string[];
}

/** What of the platform a service that outlives runs stands on: its network, or an existing one, and its key. */
export class ServicePlacement extends Construct {
  readonly vpcId: string;
  /** Addresses inside of the VPC. */
  readonly vpcCidr: string;
  /** Terraform expressions: a subnet's id by zone letter. */
  readonly subnetIds: ReadonlyMap<string, string>;
  readonly keyArn: string;

  constructor(scope: Construct, id: string, { environment: env, provider, zones }: ServicePlacementProps) {
    super(scope, id);
    const { vpcId, subnetIds } = new HostPlacement(this, 'network', {
      environment: env,
      region: env.homeRegion,
      provider,
      zones,
    });
    this.vpcId = vpcId;
    this.subnetIds = new Map(zones.map((zone) => [zone, `\${${subnetIds}["${zone}"]}`]));
    const { vpc } = env.network;
    this.vpcCidr = vpc.kind === 'managed' ? vpc.cidr : new DataAwsVpc(this, 'vpc', { id: vpcId }).cidrBlock;
    this.keyArn = new DataAwsKmsAlias(this, 'key', { name: namesOf(env).keyAlias }).targetKeyArn;
  }
}
