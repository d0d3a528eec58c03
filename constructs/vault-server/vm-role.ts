import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import { Construct } from 'constructs';
import type { Environment } from '../../environments/schema';
import { useKey } from '../dashboard/statements';
import { allow, computeTrust, policyDocument } from '../identity/policy-document';
import { ServiceRole } from '../identity/service-role';
import { namesOf } from '../naming/names';
import { VAULT_SNAPSHOTS } from './prefixes';

export interface VaultVmRoleProps {
  readonly environment: Environment;
  readonly sealKeyArn: string;
}

/** What the VM may do in AWS: fetch its program, open Vault, keep snapshots, write logs, and tell the first keys once. */
export class VaultVmRole extends Construct {
  readonly instanceProfileName: string;

  constructor(scope: Construct, id: string, { environment, sealKeyArn }: VaultVmRoleProps) {
    super(scope, id);
    const { vaultServer } = namesOf(environment);
    const role = new ServiceRole(this, 'role', {
      roleName: vaultServer,
      description: 'VM with the Vault of the environment',
      trust: computeTrust('ec2.amazonaws.com'),
      policy: vaultVmPolicy(environment, sealKeyArn),
    });
    const profile = new IamInstanceProfile(this, 'profile', { name: vaultServer, role: role.roleName });
    this.instanceProfileName = profile.name;
  }
}

/** Snapshots are neither overwritten, for their names tell time and content, nor removed but by the bucket's own lifecycle. */
export function vaultVmPolicy(env: Environment, sealKeyArn: string): string {
  const names = namesOf(env);
  const { homeRegion, accountId } = env;
  const bucket = names.arn.bucket(names.artifactBucket);
  return policyDocument(
    allow('FetchProgram', { Action: ['s3:GetObject'], Resource: [`${bucket}/bundles/*`] }),
    allow('OpenVault', {
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey'],
      Resource: [sealKeyArn],
    }),
    allow('KeepSnapshots', {
      Action: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
      Resource: [`${bucket}/${VAULT_SNAPSHOTS}/*`],
    }),
    allow('WriteFirstKeys', {
      Action: ['ssm:PutParameter'],
      Resource: [`arn:aws:ssm:${homeRegion}:${accountId}:parameter${names.vaultFirstKeysParameter}`],
    }),
    useKey(env, ['s3', 'ssm']),
    allow('WriteLogs', {
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: [`arn:aws:logs:${homeRegion}:${accountId}:log-group:${names.logGroups.vaultServer}:*`],
    }),
  );
}
