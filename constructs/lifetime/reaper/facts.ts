/** Where the facts about hosts are read: the state bucket and the artifact bucket. */
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { runIdOf } from '../../naming/names';
import { NO_HOSTS, parseLock, parseState, type Lock, type StateHosts } from './terraform-state';

export interface DeployState extends StateHosts {
  readonly lock: Lock | undefined;
}

export interface FactSources {
  /**
   * State and lock. Call it after the hosts were listed, see `s3DeployState`.
   * Resolves to undefined where the state is out of reach by design; rejects when it cannot be read.
   */
  deployState(): Promise<DeployState | undefined>;
  /** Whether the host's run has left its end marker. */
  ended(hostId: string): Promise<boolean>;
}

/**
 * The lock is read before the state. Whoever released the lock before had written the state by then; read the other way
 * round, an apply that ends in between would leave its new host looking like an orphan.
 */
export async function s3DeployState(
  s3: S3Client,
  bucket: string,
  stateKey: string,
  lockKey: string,
): Promise<DeployState> {
  const lock = await s3Lock(s3, bucket, lockKey);
  const text = await readText(s3, bucket, stateKey);
  return { ...(text === undefined ? NO_HOSTS : parseState(text)), lock };
}

export async function s3Lock(s3: S3Client, bucket: string, lockKey: string): Promise<Lock | undefined> {
  const text = await readText(s3, bucket, lockKey);
  return text === undefined ? undefined : parseLock(text);
}

/**
 * The marker stands under the host's own id, also when the host continues an older run: the marker that the older host
 * left must not end this one.
 */
export const endMarkerKey = (environmentName: string, hostId: string): string =>
  `runs/${runIdOf({ name: environmentName }, hostId)}/ended.json`;

export async function hasEnded(
  s3: S3Client,
  bucket: string,
  environmentName: string,
  hostId: string,
): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: endMarkerKey(environmentName, hostId) }));
    return true;
  } catch (error) {
    if ((error as Error).name === 'NotFound') return false;
    throw error;
  }
}

/** Undefined when there is no such object; a missing bucket is an error, for then nothing at all is known. */
async function readText(s3: S3Client, bucket: string, key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString()) ?? '';
  } catch (error) {
    if ((error as Error).name === 'NoSuchKey') return undefined;
    throw error;
  }
}
