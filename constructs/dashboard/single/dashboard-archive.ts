import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';
import { namesOf } from '../../naming/names';

export interface DashboardArchiveProps {
  readonly environment: Environment;
  /** The built archive. */
  readonly path: string;
  /** Its SHA-256, hex. */
  readonly sha256: string;
}

/** The dashboard's program as one object named by its content, beside the runner's bundles. */
export class DashboardArchive extends Construct {
  readonly key: string;
  readonly sha256: string;
  /** What the VM that fetches it waits for. */
  readonly object: S3Object;

  constructor(scope: Construct, id: string, { environment, path, sha256 }: DashboardArchiveProps) {
    super(scope, id);
    this.key = `bundles/${sha256}.tar.gz`;
    this.sha256 = sha256;
    const asset = new TerraformAsset(this, 'asset', { path, type: AssetType.FILE, assetHash: sha256 });
    this.object = new S3Object(this, 'object', {
      bucket: namesOf(environment).artifactBucket,
      key: this.key,
      source: asset.path,
      contentType: 'application/gzip',
    });
  }
}
