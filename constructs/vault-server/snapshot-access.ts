import { AwsAuthBackendRole } from '@cdktf/provider-vault/lib/aws-auth-backend-role';
import { Policy } from '@cdktf/provider-vault/lib/policy';
import { Construct } from 'constructs';
import type { Environment } from '../../environments/schema';
import { namesOf } from '../naming/names';
import { grant, policyText } from '../vault/policy-text';

export interface SnapshotAccessProps {
  readonly environment: Environment;
  /** Path of the method by which roles of AWS log in. */
  readonly awsMount: string;
}

/** Lets the VM of the environment's own Vault copy what Vault holds: sealed as on the disk, and nothing else. */
export class SnapshotAccess extends Construct {
  constructor(scope: Construct, id: string, { environment, awsMount }: SnapshotAccessProps) {
    super(scope, id);
    const names = namesOf(environment);
    const { snapshotRole } = names.vault;
    new Policy(this, 'policy', {
      name: snapshotRole,
      policy: policyText([
        grant('sys/storage/raft/snapshot', 'read'),
        grant('auth/token/revoke-self', 'update'),
      ]),
    });
    new AwsAuthBackendRole(this, 'role', {
      backend: awsMount,
      role: snapshotRole,
      authType: 'iam',
      boundIamPrincipalArns: [names.arn.role(names.vaultServer)],
      // To look ids up Vault would need credentials of AWS.
      resolveAwsUniqueIds: false,
      tokenPolicies: [snapshotRole],
      tokenNoDefaultPolicy: true,
      // As long as a copy may take.
      tokenTtl: 20 * 60,
      tokenMaxTtl: 20 * 60,
      tokenExplicitMaxTtl: 20 * 60,
    });
  }
}
