/** The few calls of AWS that a VM makes besides S3: JSON over one POST, signed by aws4fetch. */
import { S3Client } from '@aws-sdk/client-s3';
import { AwsClient } from 'aws4fetch';
import type { VmConfig } from './config';

const TIME_LIMIT_MS = 20_000;

/** AWS answered, and said no. */
export class AwsRefused extends Error {
  /** @param kind such as `ParameterAlreadyExists` */
  constructor(
    readonly kind: string,
    message: string,
  ) {
    super(message);
  }
}

export interface Aws {
  readonly s3: S3Client;
  /**
   * @param target such as `AmazonSSM.PutParameter`
   * @throws AwsRefused with the kind that AWS gives
   */
  call(service: 'logs' | 'ssm', target: string, body: unknown): Promise<unknown>;
}

export function openAws({ homeRegion }: Pick<VmConfig, 'homeRegion'>, env: NodeJS.ProcessEnv): Aws {
  const endpoint = env['AWS_ENDPOINT_URL']?.replace(/\/+$/, '');
  const s3 = new S3Client({ region: homeRegion, forcePathStyle: endpoint !== undefined });
  return {
    s3,
    async call(service, target, body) {
      // The SDK's own way to credentials: the environment, or the instance's role.
      const client = new AwsClient({ ...(await signing(s3)), service, region: homeRegion, retries: 3 });
      const url = endpoint ?? `https://${service}.${homeRegion}.amazonaws.com`;
      const response = await client.fetch(`${url}/`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIME_LIMIT_MS),
      });
      const text = await response.text();
      if (response.ok) return text === '' ? {} : (JSON.parse(text) as unknown);
      const kind = /"__type"\s*:\s*"(?:[^"#]*#)?(\w+)"/.exec(text)?.[1] ?? `HTTP ${response.status}`;
      throw new AwsRefused(kind, `${target}: ${kind}`);
    },
  };
}

async function signing(s3: S3Client) {
  const { accessKeyId, secretAccessKey, sessionToken } = await s3.config.credentials();
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}
