/** The Terraform state of an environment's run and the lock on it, in the state bucket or in a local file. */
import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { s3DeployState, s3Lock, type DeployState } from '../../constructs/lifetime/reaper/facts';
import { NO_HOSTS, parseLock, parseState, type Lock } from '../../constructs/lifetime/reaper/terraform-state';
import { namesOf } from '../../constructs/naming/names';
import type { Environment } from '../../environments/schema';

export interface StateStore {
  /** Where the state is, for people. */
  readonly place: string;
  /** Call it after the hosts were listed. @throws Error when state or lock cannot be read; one not there is empty. */
  read(): Promise<DeployState>;
  readLock(): Promise<Lock | undefined>;
  /** Removes that lock and no other: somebody may have taken it anew. Resolves to whether it was still there. */
  removeLock(lock: Lock): Promise<boolean>;
}

export function stateStore(env: Environment, s3: S3Client): StateStore {
  return env.state === 'local' ? localState(env) : s3State(env, s3);
}

function s3State(env: Environment, s3: S3Client): StateStore {
  const names = namesOf(env);
  const [key, lockKey] = [names.stateKey(env.name), names.lockKey(env.name)];
  const readLock = () => s3Lock(s3, names.stateBucket, lockKey);
  return {
    place: `s3://${names.stateBucket}/${key}`,
    read: () => s3DeployState(s3, names.stateBucket, key, lockKey),
    readLock,
    async removeLock(lock) {
      if ((await readLock())?.id !== lock.id) return false;
      await s3.send(new DeleteObjectCommand({ Bucket: names.stateBucket, Key: lockKey }));
      return true;
    },
  };
}

/** Terraform's local backend keeps the lock's description beside the state, and its file empty while it has none. */
function localState(env: Environment): StateStore {
  const name = namesOf(env).stateKey(env.name);
  const [file, lockFile] = [resolve('.he300/state', name), resolve('.he300/state', `.${name}.lock.info`)];
  const readLock = async (): Promise<Lock | undefined> => {
    const text = readIfThere(lockFile);
    return text ? parseLock(text) : undefined;
  };
  return {
    place: file,
    async read() {
      const lock = await readLock();
      const text = readIfThere(file);
      return { ...(text ? parseState(text) : NO_HOSTS), lock };
    },
    readLock,
    async removeLock(lock) {
      if ((await readLock())?.id !== lock.id) return false;
      rmSync(lockFile, { force: true });
      return true;
    },
  };
}

const readIfThere = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
