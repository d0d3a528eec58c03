import { LocalBackend, S3Backend, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { resolve } from 'node:path';
import { namesOf } from '../constructs/naming/names';
import type { Environment } from '../environments/schema';

/** What every stack of an environment shares: where its state is kept, and which Terraform it takes. */
export abstract class StoredStack extends TerraformStack {
  /** Whether S3 is addressed by path: as the emulator wants it, to which the standard variable redirects backend and provider. */
  protected readonly pathStyle = Boolean(process.env.AWS_ENDPOINT_URL);

  constructor(
    scope: Construct,
    id: string,
    protected readonly environment: Environment,
  ) {
    super(scope, id);
    this.configureBackend(id);
    this.addOverride('terraform.required_version', '>= 1.11');
  }

  private configureBackend(id: string): void {
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
      ...(this.pathStyle ? { usePathStyle: true } : {}),
    });
    // cdktf 0.21 knows Terraform 1.9's arguments; the native lock came with 1.10.
    backend.addOverride('use_lockfile', true);
  }
}
