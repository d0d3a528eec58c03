import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../environments/schema';
import { namesOf } from '../naming/names';

export interface RunnerBundleProps {
  readonly environment: Environment;
  /** What was built. */
  readonly path: string;
  /** Its SHA-256, hex. */
  readonly sha256: string;
}

/** The runner, or another program of ours, as one object named by its content, so that a host can check what it fetched and an old run can be repeated. */
export class RunnerBundle extends Construct {
  readonly bucket: string;
  readonly key: string;
  readonly sha256: string;
  /** What a host that fetches it waits for. */
  readonly object: S3Object;

  constructor(scope: Construct, id: string, { environment, path, sha256 }: RunnerBundleProps) {
    super(scope, id);
    this.bucket = namesOf(environment).artifactBucket;
    this.key = `bundles/${sha256}.mjs`;
    this.sha256 = sha256;
    const asset = new TerraformAsset(this, 'asset', { path, type: AssetType.FILE, assetHash: sha256 });
    this.object = new S3Object(this, 'object', {
      bucket: this.bucket,
      key: this.key,
      source: asset.path,
      contentType: 'text/javascript',
    });
  }
}
