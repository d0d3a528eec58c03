/** A bucket as the environment's variables let one reach it: for a person's machine as well as for a host. */
import { Redactor } from '../log/redactor';
import { AwsClient } from './client';
import { credentialsProvider } from './credentials';
import { Imds, IMDS_URL } from './imds';
import { S3Bucket } from './s3';

export function bucketOf(bucket: string, region: string, env: NodeJS.ProcessEnv): S3Bucket {
  const imds = new Imds(env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] || IMDS_URL);
  const credentials = credentialsProvider(env, imds, new Redactor());
  return new S3Bucket(
    new AwsClient({ credentials, endpoint: env['AWS_ENDPOINT_URL'] || undefined }),
    bucket,
    region,
  );
}
