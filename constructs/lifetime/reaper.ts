import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import { regionsOf } from '../../environments/regions';
import type { Environment } from '../../environments/schema';
import { REAPER_PERIOD_MINUTES } from '../gpu-host/prices';
import { allow, computeTrust, policyDocument, serviceTrust } from '../identity/policy-document';
import { ServiceRole } from '../identity/service-role';
import { terminateOwnHosts } from '../identity/terminate';
import { namesOf } from '../naming/names';

export interface ReaperProps {
  readonly environment: Environment;
  /** Name of the schedule group, which must exist first. */
  readonly scheduleGroup: string;
  /** The built function, a zip. */
  readonly zipPath: string;
  /** SHA-256 of the zip, base64, as AWS Lambda reports it. */
  readonly zipSha256Base64: string;
}

/**
 * The third layer of the time limit: a function that looks every few minutes at every host that carries our owner tag,
 * on both clouds, and ends those past their limit, those whose run has ended and those that no state knows.
 */
export class Reaper extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { environment: env, scheduleGroup, zipPath, zipSha256Base64 }: ReaperProps,
  ) {
    super(scope, id);
    const names = namesOf(env);
    const role = new ServiceRole(this, 'role', {
      roleName: names.reaperRole,
      description: 'Ends GPU hosts that have no business running',
      trust: computeTrust('lambda.amazonaws.com'),
      policy: reaperPolicy(env),
    });
    const code = new TerraformAsset(this, 'code', {
      path: zipPath,
      type: AssetType.FILE,
      assetHash: zipSha256Base64.replace(/[^A-Za-z0-9]/g, ''),
    });
    const reaper = new LambdaFunction(this, 'function', {
      functionName: names.reaper,
      description: 'Ends GPU hosts that have no business running',
      role: role.arn,
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      filename: code.path,
      sourceCodeHash: zipSha256Base64,
      memorySize: 256,
      timeout: 120,
      // Two at a time would only terminate the same host twice.
      reservedConcurrentExecutions: 1,
      environment: { variables: reaperVariables(env) },
    });
    new SchedulerSchedule(this, 'schedule', {
      name: names.reaper,
      groupName: scheduleGroup,
      description: 'Runs the reaper',
      scheduleExpression: `rate(${REAPER_PERIOD_MINUTES} minutes)`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: reaper.arn,
        roleArn: new ServiceRole(this, 'schedule-role', {
          roleName: names.reaperScheduleRole,
          description: 'Invokes the reaper',
          trust: serviceTrust('scheduler.amazonaws.com', env.accountId),
          policy: policyDocument(
            allow('Invoke', { Action: ['lambda:InvokeFunction'], Resource: [reaper.arn] }),
          ),
        }).arn,
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
  }
}

/** What the function reads from its environment; `reaper/handler.ts` is the other end. */
export function reaperVariables(env: Environment): Record<string, string> {
  const names = namesOf(env);
  return {
    ENVIRONMENT_NAME: env.name,
    ENVIRONMENT_PREFIX: names.prefix,
    REGIONS: regionsOf(env).join(','),
    STATE_BUCKET: names.stateBucket,
    STATE_KEY: names.stateKey(env.name),
    LOCK_KEY: names.lockKey(env.name),
    ARTIFACT_BUCKET: names.artifactBucket,
    ...(env.lambdaCloud ? { LAMBDA_CLOUD_API_KEY_PARAMETER: env.lambdaCloud.apiKeyParameter } : {}),
  };
}

export function reaperPolicy(env: Environment): string {
  const names = namesOf(env);
  const state = names.arn.bucket(names.stateBucket);
  const artifacts = names.arn.bucket(names.artifactBucket);
  return policyDocument(
    terminateOwnHosts(env, regionsOf(env)),
    allow('SeeHosts', { Action: ['ec2:DescribeInstances'], Resource: ['*'] }),
    allow('ReadState', {
      Action: ['s3:GetObject'],
      Resource: [`${state}/${names.stateKey(env.name)}`, `${state}/${names.lockKey(env.name)}`],
    }),
    allow('ReadRunEnds', { Action: ['s3:GetObject'], Resource: [`${artifacts}/runs/*/ended.json`] }),
    // Without it S3 answers 403 instead of 404 for an object that is not there, and the two must be told apart.
    allow('SeeWhetherObjectsExist', { Action: ['s3:ListBucket'], Resource: [state, artifacts] }),
    allow('Decrypt', {
      Action: ['kms:Decrypt'],
      Resource: [`arn:aws:kms:${env.homeRegion}:${env.accountId}:key/*`],
      Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.keyAlias } },
    }),
    allow('WriteLogs', {
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: [`arn:aws:logs:${env.homeRegion}:${env.accountId}:log-group:${names.logGroups.reaper}:*`],
    }),
    ...(env.lambdaCloud
      ? [
          allow('ReadLambdaCloudKey', {
            Action: ['ssm:GetParameter'],
            Resource: [
              `arn:aws:ssm:${env.homeRegion}:${env.accountId}:parameter${env.lambdaCloud.apiKeyParameter}`,
            ],
          }),
        ]
      : []),
  );
}
