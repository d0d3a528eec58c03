/** Entry of the reaper as an AWS Lambda function. `../reaper.ts` sets the variables it reads. */
import { EC2Client } from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { awsCloud } from './clouds/aws';
import type { Cloud } from './clouds/cloud';
import { lambdaCloud } from './clouds/lambda-cloud';
import { hasEnded, s3DeployState, type FactSources } from './facts';
import { reap, type ReapReport } from './reap';

type Variables = Readonly<Record<string, string | undefined>>;

/** Without these, one region that does not answer would take the time of all. */
const requestHandler = { connectionTimeout: 3000, socketTimeout: 10_000 };

/**
 * One pass over all hosts of the environment.
 * @throws Error when anything failed, so that the invocation counts as failed; what could be done is done by then
 */
export async function handler(): Promise<ReapReport> {
  const variables = process.env;
  const report = await reap({
    clouds: cloudsFrom(variables),
    facts: factsFrom(variables),
    now: new Date(),
    log,
  });
  const { checked, terminated, left, errors } = report;
  log({ event: 'summary', checked, terminated: terminated.length, left: left.length, errors: errors.length });
  if (errors.length > 0) throw new Error(`${errors.length} failed: ${errors.join('; ')}`);
  return report;
}

function cloudsFrom(variables: Variables): Cloud[] {
  const environment = required(variables, 'ENVIRONMENT_PREFIX');
  const parameter = variables['LAMBDA_CLOUD_API_KEY_PARAMETER'];
  const regions = required(variables, 'REGIONS').split(',');
  return [
    ...regions.map((region) =>
      awsCloud({ region, environment, client: new EC2Client({ region, requestHandler }) }),
    ),
    ...(parameter ? [lambdaCloud({ environment, apiKey: () => readSecret(parameter) })] : []),
  ];
}

function factsFrom(variables: Variables): FactSources {
  // An emulator has no DNS name for each bucket.
  const s3 = new S3Client({ requestHandler, forcePathStyle: Boolean(variables['AWS_ENDPOINT_URL']) });
  const environmentName = required(variables, 'ENVIRONMENT_NAME');
  const artifactBucket = required(variables, 'ARTIFACT_BUCKET');
  const stateBucket = variables['STATE_BUCKET'];
  return {
    // A state kept in a file on somebody's machine is out of reach from here.
    deployState: async () =>
      stateBucket
        ? s3DeployState(s3, stateBucket, required(variables, 'STATE_KEY'), required(variables, 'LOCK_KEY'))
        : undefined,
    ended: (hostId) => hasEnded(s3, artifactBucket, environmentName, hostId),
  };
}

function required(variables: Variables, name: string): string {
  const value = variables[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

const secrets = new Map<string, string>();

/** Read once in the life of this process; a failed read is tried again. */
async function readSecret(name: string): Promise<string> {
  const known = secrets.get(name);
  if (known) return known;
  const { Parameter } = await new SSMClient({ requestHandler }).send(
    new GetParameterCommand({ Name: name, WithDecryption: true }),
  );
  if (!Parameter?.Value) throw new Error(`parameter ${name} is empty`);
  secrets.set(name, Parameter.Value);
  return Parameter.Value;
}

/** One JSON object a line is what CloudWatch Logs can query. */
function log(entry: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(entry)}\n`);
}
