import { VaultProvider } from '@cdktf/provider-vault/lib/provider';
import type { Construct } from 'constructs';
import { AppRoleLogin } from '../constructs/vault/approle-login';
import { AuditDevice, hasAuditDevice } from '../constructs/vault/audit-device';
import { AwsLogin } from '../constructs/vault/aws-login';
import { DatabaseUsers } from '../constructs/vault/database-users';
import { GithubLogin } from '../constructs/vault/github-login';
import { KubernetesLogin } from '../constructs/vault/kubernetes-login';
import { KvEngine } from '../constructs/vault/kv-engine';
import { RolePolicies } from '../constructs/vault/role-policies';
import { SnapshotAccess } from '../constructs/vault-server/snapshot-access';
import type { Environment, VaultSecrets } from '../environments/schema';
import { StoredStack } from './stored-stack';

export interface VaultStackProps {
  readonly environment: Environment;
  /** Of the environment. */
  readonly secrets: VaultSecrets;
}

/**
 * `<env>-vault`: who may log in to a Vault that is there, and what each may do. Deployed once, by whoever has a token of
 * the policy `terraform-deploy` in `VAULT_TOKEN`. Secrets are no part of it.
 */
export class VaultStack extends StoredStack {
  constructor(scope: Construct, props: VaultStackProps) {
    const { environment: env, secrets } = props;
    super(scope, `${env.name}-vault`, env);
    const { address, namespace, kubernetes } = secrets;
    new VaultProvider(this, 'vault', { address, ...(namespace === undefined ? {} : { namespace }) });
    if (hasAuditDevice(secrets)) new AuditDevice(this, 'audit');
    new KvEngine(this, 'kv', { mount: secrets.mount });
    new RolePolicies(this, 'policies', props);
    new GithubLogin(this, 'github', props);
    const { mount: awsMount } = new AwsLogin(this, 'aws', props);
    if (secrets.server) new SnapshotAccess(this, 'snapshots', { environment: env, awsMount });
    new AppRoleLogin(this, 'approle', props);
    if (kubernetes) new KubernetesLogin(this, 'kubernetes', { environment: env, kubernetes });
    new DatabaseUsers(this, 'database', props);
  }
}
