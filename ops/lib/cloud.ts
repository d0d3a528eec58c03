/** An environment's clouds as a person reaches them, and their failures in plain words. */
import { EC2Client } from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { REGIONS } from '../../constructs/gpu-host/prices';
import { awsCloud } from '../../constructs/lifetime/reaper/clouds/aws';
import type { Cloud } from '../../constructs/lifetime/reaper/clouds/cloud';
import { lambdaCloud } from '../../constructs/lifetime/reaper/clouds/lambda-cloud';
import { errorLine } from '../../constructs/lifetime/reaper/error-line';
import { namesOf } from '../../constructs/naming/names';
import type { Environment } from '../../environments/schema';
import { CliError } from './cli';

// Said once in the README; above every line of every script it would be noise.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** Without these, a region that does not answer is waited for for minutes. */
const requestHandler = { connectionTimeout: 3000, socketTimeout: 15_000 };

export interface Account {
  readonly clouds: readonly Cloud[];
  /** A client in the home region. */
  readonly s3: S3Client;
  /** The cloud's clock: that of this machine decides over no host. */
  now(): Date;
}

export class WrongAccount extends CliError {}

/**
 * The environment's account.
 * @throws WrongAccount when the credentials are for another one, where the same tags may mean somebody else's hosts
 */
export async function openAccount(env: Environment): Promise<Account> {
  const region = env.homeRegion;
  const sts = new STSClient({ region, requestHandler });
  const { Account: actual } = await sts.send(new GetCallerIdentityCommand({}));
  if (actual !== env.accountId) {
    throw new WrongAccount(
      `credentials are for account ${actual}; allowed: ${env.accountId}, accountId of environments/${env.name}.ts`,
    );
  }
  return {
    clouds: cloudsOf(env),
    // An emulator has no DNS name for each bucket.
    s3: new S3Client({ region, requestHandler, forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL) }),
    // The SDK keeps the difference to the time in the last answer.
    now: () => new Date(Date.now() + sts.config.systemClockOffset),
  };
}

/** All regions that a candidate may name, for a host outlives its candidate's removal from the list. */
function cloudsOf(env: Environment): Cloud[] {
  const environment = namesOf(env).prefix;
  const aws = REGIONS.map((region) =>
    awsCloud({ region, environment, client: new EC2Client({ region, requestHandler }) }),
  );
  return env.lambdaCloud
    ? [...aws, lambdaCloud({ environment, apiKey: lambdaCloudKey(env, env.lambdaCloud) })]
    : aws;
}

/** `LAMBDA_CLOUD_API_KEY`, or the parameter that the reaper reads too. */
function lambdaCloudKey(
  env: Environment,
  { apiKeyParameter }: { readonly apiKeyParameter: string },
): () => Promise<string> {
  let key: Promise<string> | undefined;
  const read = async (): Promise<string> => {
    const ssm = new SSMClient({ region: env.homeRegion, requestHandler });
    const { Parameter } = await ssm.send(
      new GetParameterCommand({ Name: apiKeyParameter, WithDecryption: true }),
    );
    if (!Parameter?.Value) throw new CliError(`parameter ${apiKeyParameter} is empty`);
    return Parameter.Value;
  };
  return () =>
    (key ??= process.env.LAMBDA_CLOUD_API_KEY ? Promise.resolve(process.env.LAMBDA_CLOUD_API_KEY) : read());
}

/** A failure in one line that says what to do where that is known. */
export function explain(error: unknown, env: Pick<Environment, 'name' | 'homeRegion'>): string {
  if (error instanceof CliError) return error.message;
  const { name, code } = (error ?? {}) as { name?: string; code?: string };
  switch (code ?? name) {
    case 'CredentialsProviderError':
      return 'no AWS credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'RequestExpired':
      return 'AWS credentials have expired; log in again';
    case 'AuthFailure':
    case 'InvalidClientTokenId':
    case 'UnrecognizedClientException':
    case 'SignatureDoesNotMatch':
    case 'OptInRequired':
      return `AWS does not accept these credentials in this region (${name})`;
    case 'NoSuchBucket':
      return `no state bucket; create it with: npm run bootstrap -- ${env.name}`;
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
      return `the state bucket is in another region; allowed: ${env.homeRegion}, homeRegion of environments/${env.name}.ts`;
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'TimeoutError':
      return `no answer from ${process.env.AWS_ENDPOINT_URL ?? 'AWS'} (${code ?? name})`;
    default:
      return errorLine(error);
  }
}
