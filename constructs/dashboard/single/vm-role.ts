import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';
import { allow, computeTrust, policyDocument } from '../../identity/policy-document';
import { ServiceRole } from '../../identity/service-role';
import { namesOf } from '../../naming/names';
import { DASHBOARD_BACKUPS } from '../prefixes';
import { keepArtifacts, seeArtifacts, useKey, writeLogs } from '../statements';

/** What the VM may do in AWS: fetch its archive, keep files and backups, write logs, and tell the first token once. */
export class VmRole extends Construct {
  readonly instanceProfileName: string;

  constructor(scope: Construct, id: string, { environment }: { readonly environment: Environment }) {
    super(scope, id);
    const { dashboard } = namesOf(environment);
    const role = new ServiceRole(this, 'role', {
      roleName: dashboard,
      description: 'VM of the dashboard',
      trust: computeTrust('ec2.amazonaws.com'),
      policy: vmPolicy(environment),
    });
    const profile = new IamInstanceProfile(this, 'profile', { name: dashboard, role: role.roleName });
    this.instanceProfileName = profile.name;
  }
}

/** Backups are neither overwritten, for their names tell time and content, nor removed but by the bucket's own lifecycle. */
export function vmPolicy(env: Environment): string {
  const names = namesOf(env);
  const bucket = names.arn.bucket(names.artifactBucket);
  return policyDocument(
    allow('FetchArchive', { Action: ['s3:GetObject'], Resource: [`${bucket}/bundles/*`] }),
    keepArtifacts(env),
    seeArtifacts(env),
    allow('BackUp', {
      Action: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
      Resource: [`${bucket}/${DASHBOARD_BACKUPS}/*`],
    }),
    allow('WriteFirstToken', {
      Action: ['ssm:PutParameter'],
      Resource: [`arn:aws:ssm:${env.homeRegion}:${env.accountId}:parameter${names.firstTokenParameter}`],
    }),
    useKey(env, ['s3', 'ssm']),
    writeLogs(env),
  );
}
