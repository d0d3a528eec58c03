/** The bucket that Terraform keeps its state in: the one thing that cannot be in a state itself. */
import {
  CreateBucketCommand,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type BucketLocationConstraint,
  type S3Client,
} from '@aws-sdk/client-s3';
import { policyDocument } from '../../constructs/identity/policy-document';
import { namesOf } from '../../constructs/naming/names';
import { ownerTags } from '../../constructs/naming/tags';
import type { Environment } from '../../environments/schema';
import { CliError } from './cli';

export interface Step {
  readonly what: string;
  readonly did: 'created' | 'exists' | 'updated';
}

const OLD_STATE_DAYS = 90;

export async function bootstrapStateBucket(env: Environment, s3: S3Client): Promise<Step[]> {
  if (env.state === 'local') return [];
  const bucket = namesOf(env).stateBucket;
  const did = (await exists(s3, bucket)) ? 'exists' : await create(s3, bucket, env.homeRegion);
  // Set every time: a bootstrap that died half way is finished by the next.
  await s3.send(
    new PutPublicAccessBlockCommand({
      Bucket: bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket: bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    }),
  );
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: bucket,
      LifecycleConfiguration: {
        Rules: [
          {
            ID: 'old-state',
            Status: 'Enabled',
            Filter: { Prefix: '' },
            NoncurrentVersionExpiration: { NoncurrentDays: OLD_STATE_DAYS },
          },
        ],
      },
    }),
  );
  await s3.send(
    new PutBucketTaggingCommand({
      Bucket: bucket,
      Tagging: { TagSet: Object.entries(ownerTags(env)).map(([Key, Value]) => ({ Key, Value })) },
    }),
  );
  await s3.send(
    new PutBucketPolicyCommand({ Bucket: bucket, Policy: tlsOnly(namesOf(env).arn.bucket(bucket)) }),
  );
  return [{ what: `state bucket ${bucket}`, did }];
}

async function exists(s3: S3Client, bucket: string): Promise<boolean> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 404) return false;
    if (status === 403)
      throw new CliError(`bucket ${bucket} belongs to somebody else, or these credentials may not see it`);
    throw error;
  }
}

async function create(s3: S3Client, bucket: string, region: string): Promise<'created'> {
  // us-east-1 is the one region whose name S3 does not accept here.
  const location =
    region === 'us-east-1'
      ? {}
      : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };
  await s3.send(new CreateBucketCommand({ Bucket: bucket, ...location }));
  return 'created';
}

/** Spelt with a capital S for the reason told in constructs/storage/artifact-bucket.ts. */
const tlsOnly = (arn: string): string =>
  policyDocument({
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: ['S3:*'],
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
