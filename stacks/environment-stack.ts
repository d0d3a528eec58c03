import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Construct } from 'constructs';
import { ownerTags } from '../constructs/naming/tags';
import { regionsOf } from '../environments/regions';
import type { Environment, Region } from '../environments/schema';
import { StoredStack } from './stored-stack';

/** What the stacks of an environment share that make something in AWS: a provider for each region. */
export abstract class EnvironmentStack extends StoredStack {
  protected readonly providers: ReadonlyMap<Region, AwsProvider>;

  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id, environment);
    const { homeRegion, accountId } = environment;
    const shared = {
      allowedAccountIds: [accountId],
      defaultTags: [{ tags: ownerTags(environment) }],
      ...(this.pathStyle ? { s3UsePathStyle: true } : {}),
    };
    const others = regionsOf(environment).filter((region) => region !== homeRegion);
    this.providers = new Map([
      [homeRegion, new AwsProvider(this, 'aws', { region: homeRegion, ...shared })],
      ...others.map(
        (region) =>
          [
            region,
            new AwsProvider(this, `aws-${region}`, { region, alias: region.replaceAll('-', '_'), ...shared }),
          ] as const,
      ),
    ]);
  }
}
