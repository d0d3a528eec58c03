import { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';
import { allow, policyDocument, serviceTrust, type Statement } from '../../identity/policy-document';
import { ServiceRole } from '../../identity/service-role';
import { namesOf } from '../../naming/names';
import { keepArtifacts, seeArtifacts, useKey, writeLogs } from '../statements';

export interface TaskRolesProps {
  readonly environment: Environment;
  /** The container's image, by its digest. */
  readonly image: string;
  /** ARN of the secret with the database's password. */
  readonly secretArn: string;
}

/** Whoever starts a container may read its password and image and write its log; the container itself only keeps files. */
export class TaskRoles extends Construct {
  readonly startRoleArn: string;
  readonly taskRoleArn: string;

  constructor(scope: Construct, id: string, { environment: env, image, secretArn }: TaskRolesProps) {
    super(scope, id);
    const names = namesOf(env);
    const cluster = `arn:aws:ecs:${env.homeRegion}:${env.accountId}:*`;
    const trust = serviceTrust('ecs-tasks.amazonaws.com', env.accountId, cluster);
    this.startRoleArn = new ServiceRole(this, 'start', {
      roleName: names.dashboardStartRole,
      description: 'Starts containers of the dashboard',
      trust,
      policy: policyDocument(
        allow('ReadPassword', { Action: ['secretsmanager:GetSecretValue'], Resource: [secretArn] }),
        useKey(env, ['secretsmanager']),
        writeLogs(env),
        ...pullFromEcr(image),
      ),
    }).arn;
    this.taskRoleArn = new ServiceRole(this, 'task', {
      roleName: names.dashboardTaskRole,
      description: 'Containers of the dashboard',
      trust,
      policy: policyDocument(keepArtifacts(env), seeArtifacts(env), useKey(env, ['s3'])),
    }).arn;
  }
}

const ECR = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/(.+)@/;

/** Nothing for an image of another registry, which must be readable by everybody. */
function pullFromEcr(image: string): Statement[] {
  const [, account, region, repository] = ECR.exec(image) ?? [];
  if (!repository) return [];
  return [
    allow('PullImage', {
      Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      Resource: [`arn:aws:ecr:${region}:${account}:repository/${repository}`],
    }),
    // It names no repository.
    allow('SignIn', {
      Action: ['ecr:GetAuthorizationToken'],
      Resource: ['*'],
      Condition: { StringEquals: { 'aws:RequestedRegion': region! } },
    }),
  ];
}
