import { DataAwsSubnets } from '@cdktf/provider-aws/lib/data-aws-subnets';
import { DataAwsVpcs } from '@cdktf/provider-aws/lib/data-aws-vpcs';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { zonesIn } from '../../environments/regions';
import type { Environment, Region } from '../../environments/schema';
import { namesOf } from '../naming/names';

export interface HostPlacementProps {
  readonly environment: Environment;
  readonly region: Region;
  readonly provider: AwsProvider;
  /** Zone letters that need a subnet. @default - those that candidates name */
  readonly zones?: readonly string[];
}

/** Where a host, or a service, stands in one region: the platform's VPC, found by name, or an existing one, named in the environment. */
export class HostPlacement extends Construct {
  readonly vpcId: string;
  /** Terraform expression: map of zone letter to subnet id. */
  readonly subnetIds: string;

  constructor(
    scope: Construct,
    id: string,
    { environment: env, region, provider, zones = zonesIn(env, region) }: HostPlacementProps,
  ) {
    super(scope, id);
    const { vpc } = env.network;
    if (vpc.kind === 'existing') {
      const { vpcId, subnetIds } = vpc.regions[region]!;
      this.vpcId = vpcId;
      this.subnetIds = hclMap(Object.entries(subnetIds).map(([zone, subnetId]) => [zone, `"${subnetId}"`]));
      return;
    }

    const names = namesOf(env);
    const suffix = region.replaceAll('-', '_');
    // The plural data sources answer with an empty list where the singular ones fail with words that help nobody.
    const found = (kind: 'vpc' | 'subnet') => ({
      condition: '${length(self.ids) == 1}',
      errorMessage: `${env.name}-platform is not deployed in ${region}: no ${kind} of the name is there; run \`npx cdktf deploy ${env.name}-platform\` first`,
    });
    const vpcs = new DataAwsVpcs(this, 'vpc', {
      provider,
      filter: [{ name: 'tag:Name', values: [names.vpc] }],
      lifecycle: { postcondition: [found('vpc')] },
    });
    vpcs.overrideLogicalId(`platform_${suffix}`);
    const subnets = zones.map((zone) => {
      const logicalId = `platform_${suffix}${zone}`;
      new DataAwsSubnets(this, `subnet-${zone}`, {
        provider,
        filter: [{ name: 'tag:Name', values: [names.subnet(`${region}${zone}`)] }],
        lifecycle: { postcondition: [found('subnet')] },
      }).overrideLogicalId(logicalId);
      return [zone, `one(data.aws_subnets.${logicalId}.ids)`] as const;
    });
    this.vpcId = `\${one(data.aws_vpcs.platform_${suffix}.ids)}`;
    this.subnetIds = hclMap(subnets);
  }
}

const hclMap = (entries: readonly (readonly [string, string])[]): string =>
  `{ ${entries.map(([key, value]) => `"${key}" = ${value}`).join(', ')} }`;
