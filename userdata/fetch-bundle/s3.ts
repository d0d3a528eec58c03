/** One GET of S3, signed by aws4fetch (Signature Version 4). */
import { AwsClient } from 'aws4fetch';
import type { Credentials } from './imds';

export interface S3Object {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  /** Where an emulator answers for S3, buckets by path. @default - AWS */
  readonly endpoint?: string | undefined;
}

/** S3 answered, and said no: with a role or an object that is some seconds old, it may soon say yes. */
export class Refused extends Error {}

const TIME_LIMIT_MS = 120_000;

/** @throws Refused for 4xx, Error when there is no whole answer or a fault of the service */
export async function getObject(object: S3Object, credentials: Credentials): Promise<Buffer> {
  const client = new AwsClient({ ...credentials, service: 's3', region: object.region, retries: 0 });
  const request = await client.sign(urlOf(object));
  const response = await fetch(request, { signal: AbortSignal.timeout(TIME_LIMIT_MS) });
  const said = `s3://${object.bucket}/${object.key}: HTTP ${response.status}`;
  if (!response.ok) {
    const kind = response.status < 500 && response.status !== 429 ? Refused : Error;
    throw new kind(said);
  }
  return Buffer.from(await response.arrayBuffer());
}

const urlOf = ({ bucket, key, region, endpoint }: S3Object): string =>
  endpoint ? `${endpoint}/${bucket}/${key}` : `https://${bucket}.s3.${region}.amazonaws.com/${key}`;
