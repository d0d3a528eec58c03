/** Puts inputs of runs into the artifact bucket, named by their SHA-256: what is there already is never sent again. */
import { HeadBucketCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Readable } from 'node:stream';
import { namesOf } from '../../constructs/naming/names';
import type { Environment } from '../../environments/schema';
import { CliError } from './cli';

export interface Input {
  readonly key: string;
  readonly bytes: number;
  /** Opened only when it has to be sent. */
  readonly open: () => Uint8Array | Readable;
  readonly contentType: string;
}

export interface Published {
  readonly key: string;
  readonly bytes: number;
  readonly did: 'published' | 'exists';
}

export const datasetKey = (sha256: string): string => `datasets/${sha256}.tar.gz`;
export const modelKey = (sha256: string): string => `models/${sha256}.gguf`;

/** S3 takes at most 10,000 parts: enough for 640 GB. */
const PART_BYTES = 64 * 1024 * 1024;

/** @throws CliError when there is no bucket yet */
export async function publish(env: Environment, s3: S3Client, input: Input): Promise<Published> {
  const Bucket = namesOf(env).artifactBucket;
  await s3.send(new HeadBucketCommand({ Bucket })).catch((error: unknown) => {
    if ((error as Error).name !== 'NotFound') throw error;
    throw new CliError(
      `${env.name}-platform is not deployed: no bucket ${Bucket}; deploy it with: npx cdktf deploy ${env.name}-platform`,
    );
  });
  const { key, bytes, open, contentType } = input;
  if ((await sizeOf(s3, Bucket, key)) === bytes) return { key, bytes, did: 'exists' };
  const params = { Bucket, Key: key, Body: open(), ContentType: contentType };
  await new Upload({ client: s3, params, partSize: PART_BYTES, queueSize: 2 }).done();
  return { key, bytes, did: 'published' };
}

/** Undefined when there is no such object. */
async function sizeOf(s3: S3Client, Bucket: string, Key: string): Promise<number | undefined> {
  try {
    return (await s3.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength;
  } catch (error) {
    if ((error as Error).name === 'NotFound') return undefined;
    throw error;
  }
}

/**
 * What a run of the environment would miss on its host.
 * @throws CliError naming the first input that is not in the bucket, and how to put it there
 */
export async function checkInputs(env: Environment, s3: S3Client): Promise<void> {
  const { dataset, weights = {} } = env.run;
  const inputs = [
    ...(dataset ? [{ field: 'run.dataset', key: datasetKey(dataset), how: 'dataset DIR' }] : []),
    ...Object.entries(weights).map(([model, sha256]) => ({
      field: `run.weights['${model}']`,
      key: modelKey(sha256),
      how: 'model FILE.gguf',
    })),
  ];
  for (const { field, key, how } of inputs) {
    if ((await sizeOf(s3, namesOf(env).artifactBucket, key)) !== undefined) continue;
    throw new CliError(
      `environments/${env.name}.ts: ${field}: ${key} is not in the artifact bucket; put it there with: npm run publish -- ${env.name} ${how}`,
    );
  }
}
