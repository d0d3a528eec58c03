import type { Environment } from '../../environments/schema';
import { namesOf } from '../naming/names';
import { allow, type Statement } from './policy-document';

/** Reading the state of `stacks`, and taking and giving back its lock: what every plan needs. */
export function readState(env: Environment, stacks: readonly string[]): Statement[] {
  const names = namesOf(env);
  const bucket = names.arn.bucket(names.stateBucket);
  return [
    allow('SeeState', { Action: ['s3:ListBucket'], Resource: [bucket] }),
    allow('ReadState', {
      Action: ['s3:GetObject'],
      Resource: stacks.map((stack) => `${bucket}/${names.stateKey(stack)}`),
    }),
    allow('TakeLock', {
      Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      Resource: stacks.map((stack) => `${bucket}/${names.lockKey(stack)}`),
    }),
  ];
}
