/** What the dashboard's process may do in AWS, wherever it runs. */
import type { Environment } from '../../environments/schema';
import { allow, type Statement } from '../identity/policy-document';
import { namesOf } from '../naming/names';
import { DASHBOARD_ARTIFACTS } from './prefixes';

export function keepArtifacts(env: Environment): Statement {
  const objects = `${namesOf(env).arn.bucket(namesOf(env).artifactBucket)}/${DASHBOARD_ARTIFACTS}/*`;
  return allow('KeepArtifacts', {
    Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
    Resource: [objects],
  });
}

/** Without it S3 answers 403 instead of 404 for an object that is not there, and the two must be told apart. */
export function seeArtifacts(env: Environment): Statement {
  const names = namesOf(env);
  return allow('SeeWhetherArtifactsExist', {
    Action: ['s3:ListBucket'],
    Resource: [names.arn.bucket(names.artifactBucket)],
    Condition: { StringLike: { 's3:prefix': [`${DASHBOARD_ARTIFACTS}/*`] } },
  });
}

/** @param services such as `s3`: who may use the environment's key on the dashboard's behalf */
export function useKey(env: Environment, services: readonly string[]): Statement {
  return allow('UseKey', {
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource: [`arn:aws:kms:${env.homeRegion}:${env.accountId}:key/*`],
    Condition: {
      StringEquals: { 'kms:ViaService': services.map((name) => `${name}.${env.homeRegion}.amazonaws.com`) },
      'ForAnyValue:StringEquals': { 'kms:ResourceAliases': namesOf(env).keyAlias },
    },
  });
}

export function writeLogs(env: Environment): Statement {
  const { dashboard } = namesOf(env).logGroups;
  return allow('WriteLogs', {
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: [`arn:aws:logs:${env.homeRegion}:${env.accountId}:log-group:${dashboard}:*`],
  });
}
