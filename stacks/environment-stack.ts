import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { LocalBackend, S3Backend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { resolve } from 'node:path';
import { namesOf } from '../constructs/naming/names';
import { ownerTags } from '../constructs/naming/tags';
import { regionsOf } from '../environments/regions';
import type { Environment, Region } from '../environments/schema';

/** What the stacks of an environment share: where their state is kept, and a provider for each region. */
export abstract class EnvironmentStack extends TerraformStack {
  protected readonly providers: ReadonlyMap<Region, AwsProvider>;

  constructor(
    scope: Construct,
    id: string,
    protected readonly environment: Environment,
  ) {
    super(scope, id);
    // The standard variable redirects both the backend and the provider; path-style S3 is all that is left to say.
    const pathStyle = Boolean(process.env.AWS_ENDPOINT_URL);
    this.configureBackend(id, pathStyle);
    this.addOverride('terraform.required_version', '>= 1.11');

    const { homeRegion, accountId } = environment;
    const shared = {
      allowedAccountIds: [accountId],
      defaultTags: [{ tags: ownerTags(environment) }],
      ...(pathStyle ? { s3UsePathStyle: true } : {}),
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

  private configureBackend(id: string, pathStyle: boolean): void {
    const names = namesOf(this.environment);
    if (this.environment.state === 'local') {
      new LocalBackend(this, { path: resolve('.he300', 'state', names.stateKey(id)) });
      return;
    }
    const backend = new S3Backend(this, {
      bucket: names.stateBucket,
      key: names.stateKey(id),
      region: this.environment.homeRegion,
      encrypt: true,
      ...(pathStyle ? { usePathStyle: true } : {}),
    });
    // cdktf 0.21 knows Terraform 1.9's arguments; the native lock came with 1.10.
    backend.addOverride('use_lockfile', true);
  }
}
