/** Signed requests to AWS with retries: aws4fetch signs them (Signature Version 4), and `fetch` sends them. */
import { AwsV4Signer } from 'aws4fetch';
import { hash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '../../load/backoff';
import { messageOf } from '../log/host-log';
import type { CredentialsProvider } from './credentials';

export interface AwsRequest {
  readonly service: 's3' | 'ssm' | 'ec2' | 'sts';
  readonly region: string;
  readonly method: 'GET' | 'PUT' | 'POST' | 'HEAD';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Of one attempt. @default 30 s */
  readonly timeLimitMs?: number;
  /** Statuses besides 2xx that the caller wants to see. @default - none */
  readonly also?: readonly number[];
}

/** An answer that is no success, or none: `code` is AWS's own name of the error, or undefined. */
export class AwsError extends Error {
  override readonly name = 'AwsError';

  constructor(
    message: string,
    readonly status?: number,
    readonly code?: string,
  ) {
    super(message);
  }
}

export interface SignedRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly body?: Uint8Array | string;
}

export interface AwsClientOptions {
  readonly credentials: CredentialsProvider;
  /** `AWS_ENDPOINT_URL`: where every service is asked instead of at AWS. @default - AWS */
  readonly endpoint?: string | undefined;
  /** Attempts of one request. @default 4 */
  readonly attempts?: number;
  /** Ends what is in flight, and the waiting between. @default - nothing does */
  readonly signal?: AbortSignal;
}

/** Errors whose cause passes by itself. */
const PASSING_CODES =
  /Throttl|RequestLimitExceeded|TooManyRequests|SlowDown|InternalError|ServiceUnavailable/;

export class AwsClient {
  constructor(private readonly options: AwsClientOptions) {}

  get endpoint(): string | undefined {
    return this.options.endpoint;
  }

  /** @throws AwsError, Error without credentials */
  async send(request: AwsRequest): Promise<Response> {
    const { attempts = 4, signal } = this.options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(request);
      } catch (error) {
        if (!(error instanceof AwsError) || attempt >= attempts || !passes(error)) throw error;
        await delay(backoffMs(attempt), undefined, signal ? { signal } : {});
      }
    }
  }

  private async attempt(request: AwsRequest): Promise<Response> {
    const { also = [], timeLimitMs = 30_000, method, url } = request;
    const what = `${request.service}: ${method} ${url.host}${url.pathname}`;
    const signals = [AbortSignal.timeout(timeLimitMs), this.options.signal].filter((s) => s !== undefined);
    const signed = await this.sign(request);
    let response: Response;
    try {
      response = await fetch(url, { ...signed, redirect: 'manual', signal: AbortSignal.any(signals) });
    } catch (error) {
      throw new AwsError(`${what}: ${messageOf(error)}`);
    }
    if (response.ok || also.includes(response.status)) return response;
    const text = await response.text().catch(() => '');
    const code = codeOf(text);
    throw new AwsError(`${what}: HTTP ${response.status}${code ? ` ${code}` : ''}`, response.status, code);
  }

  /** What `send` would send: also for somebody else to send it. @throws Error without credentials */
  async sign({ service, region, method, url, headers = {}, body }: AwsRequest): Promise<SignedRequest> {
    const { accessKeyId, secretAccessKey, sessionToken } = await this.options.credentials();
    const signer = new AwsV4Signer({
      ...{ method, url: url.href, service, region, accessKeyId },
      headers: {
        ...headers,
        ...(service === 's3' ? { 'x-amz-content-sha256': hash('sha256', body ?? '') } : {}),
      },
      ...(body === undefined ? {} : { body }),
      secretAccessKey: secretAccessKey.reveal(),
      ...(sessionToken ? { sessionToken: sessionToken.reveal() } : {}),
    });
    const { headers: signedHeaders } = await signer.sign();
    return { method, headers: signedHeaders, ...(body === undefined ? {} : { body }) };
  }
}

const passes = ({ status, code }: AwsError): boolean =>
  status === undefined || status >= 500 || status === 429 || PASSING_CODES.test(code ?? '');

/** From XML of S3 and EC2, or JSON of SSM. */
const codeOf = (text: string): string | undefined =>
  /<Code>([\w.]+)<\/Code>/.exec(text)?.[1] ?? /"__type"\s*:\s*"(?:[^"#]*#)?(\w+)"/.exec(text)?.[1];
