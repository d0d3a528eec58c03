import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';
import type { Environment } from '../../environments/schema';
import { vaultServerOf } from '../../environments/vault';
import { DASHBOARD_ARTIFACTS, DASHBOARD_BACKUPS } from '../dashboard/prefixes';
import { policyDocument } from '../identity/policy-document';
import { namesOf } from '../naming/names';
import { VAULT_SNAPSHOTS } from '../vault-server/prefixes';

export interface ArtifactBucketProps {
  readonly environment: Environment;
  readonly keyArn: string;
}

/**
 * The environment's one bucket.
 *
 * | prefix | holds | kept |
 * |---|---|---|
 * | `bundles/`, `datasets/`, `models/` | inputs, named by their SHA-256 | for good |
 * | `runs/<runId>/` | results, report, log segments, `ended.json` | for good |
 * | `raw/` | raw run data | `artifacts.rawRetentionDays` |
 * | `audit/` | audit records | for good |
 * | `dashboard/artifacts/` | files of runs that the dashboard took | until it removes them, and a week more |
 * | `dashboard/backups/` | its database, where it is SQLite | `dashboard.backupDays` |
 * | `vault/snapshots/` | what the environment's own Vault holds, sealed | `secrets.server.snapshotDays` |
 * | `AWSLogs/` | flow logs of the host network, under the prefix AWS itself gives them | `artifacts.rawRetentionDays` |
 */
export class ArtifactBucket extends Construct {
  readonly arn: string;
  readonly bucketName: string;

  constructor(scope: Construct, id: string, { environment: env, keyArn }: ArtifactBucketProps) {
    super(scope, id);
    const names = namesOf(env);
    const arn = names.arn.bucket(names.artifactBucket);
    const vaultServer = vaultServerOf(env);
    const bucket = new S3Bucket(this, 'bucket', {
      bucket: names.artifactBucket,
      forceDestroy: env.artifacts.destroyWithPlatform,
    });
    const on = { bucket: bucket.id };

    new S3BucketVersioningA(this, 'versioning', { ...on, versioningConfiguration: { status: 'Enabled' } });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      ...on,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn },
          bucketKeyEnabled: true,
        },
      ],
    });
    const closed = new S3BucketPublicAccessBlock(this, 'public-access', {
      ...on,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, 'ownership', {
      ...on,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    });
    // IAM reads action names without regard to case, the emulator does not. The capital S hides these statements from
    // it on purpose: it takes every statement with a condition for an unconditional refusal.
    new S3BucketPolicy(this, 'policy', {
      ...on,
      policy: policyDocument(
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: ['S3:*'],
          Resource: [arn, `${arn}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        {
          Sid: 'FlowLogs',
          Effect: 'Allow',
          Principal: { Service: 'delivery.logs.amazonaws.com' },
          Action: ['S3:PutObject'],
          Resource: [`${arn}/AWSLogs/${env.accountId}/*`],
          Condition: { StringEquals: { 'aws:SourceAccount': env.accountId } },
        },
        {
          Sid: 'FlowLogsAcl',
          Effect: 'Allow',
          Principal: { Service: 'delivery.logs.amazonaws.com' },
          Action: ['S3:GetBucketAcl'],
          Resource: [arn],
          Condition: { StringEquals: { 'aws:SourceAccount': env.accountId } },
        },
      ),
      // Two calls that change a bucket's policy at the same time refuse one another.
      dependsOn: [closed],
    });
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      ...on,
      rule: [
        expire('raw', env.artifacts.rawRetentionDays),
        expire('AWSLogs', env.artifacts.rawRetentionDays),
        ...(env.dashboard.tier === 'none' ? [] : [forget(DASHBOARD_ARTIFACTS, 7)]),
        ...(env.dashboard.tier === 'single' ? [expire(DASHBOARD_BACKUPS, env.dashboard.backupDays)] : []),
        ...(vaultServer ? [expire(VAULT_SNAPSHOTS, vaultServer.snapshotDays)] : []),
        {
          id: 'tidy',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
        },
      ],
    });
    this.arn = arn;
    this.bucketName = bucket.id;
  }
}

/** Of what somebody else removes, the versions too: what was to go after so many days would else stay for ever. */
const forget = (prefix: string, noncurrentDays: number) => ({
  id: prefix.replaceAll('/', '-'),
  status: 'Enabled',
  filter: [{ prefix: `${prefix}/` }],
  noncurrentVersionExpiration: [{ noncurrentDays }],
});

const expire = (prefix: string, days: number) => ({
  id: prefix.replaceAll('/', '-'),
  status: 'Enabled',
  filter: [{ prefix: `${prefix}/` }],
  expiration: [{ days }],
  noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
});
