import { AuthBackend } from '@cdktf/provider-vault/lib/auth-backend';
import { AwsAuthBackendClient } from '@cdktf/provider-vault/lib/aws-auth-backend-client';
import { AwsAuthBackendRole } from '@cdktf/provider-vault/lib/aws-auth-backend-role';
import { Construct } from 'constructs';
import type { Environment } from '../../environments/schema';
import { vaultServerId } from '../../environments/vault';
import { namesOf, VAULT_MOUNTS } from '../naming/names';
import type { PolicyScope } from './policies';
import { dashboardToken, hostToken } from './tokens';

/** Whoever has a role in AWS logs in with a question to STS that it has signed: Vault asks it in its name. */
export class AwsLogin extends Construct {
  /** Path of the method. */
  readonly mount: string;

  constructor(scope: Construct, id: string, props: PolicyScope) {
    super(scope, id);
    const { environment: env, secrets } = props;
    const mount = secrets.shared === 'create' ? this.method(props) : VAULT_MOUNTS.aws;
    this.mount = mount;
    const names = namesOf(env);
    this.role(mount, 'host', env, names.hostRole, hostToken(env));
    const dashboard = dashboardRole(env);
    if (dashboard) this.role(mount, 'dashboard', env, dashboard, dashboardToken(env));
  }

  private method({ secrets }: PolicyScope): string {
    const { path } = new AuthBackend(this, 'method', {
      path: VAULT_MOUNTS.aws,
      type: 'aws',
      description: 'Roles of AWS',
    });
    // A question that was signed for another server is no login here.
    new AwsAuthBackendClient(this, 'client', {
      backend: path,
      iamServerIdHeaderValue: vaultServerId(secrets),
    });
    return path;
  }

  private role(
    backend: string,
    role: 'host' | 'dashboard',
    env: Environment,
    iamRole: string,
    token: ReturnType<typeof hostToken>,
  ): void {
    const names = namesOf(env);
    new AwsAuthBackendRole(this, role, {
      backend,
      role: names.vault.role(role),
      authType: 'iam',
      boundIamPrincipalArns: [names.arn.role(iamRole)],
      // The host's role is made anew with each deploy after a destroy, under another id; and to look ids up Vault would
      // need credentials of AWS.
      resolveAwsUniqueIds: false,
      ...token,
    });
  }
}

function dashboardRole(env: Environment): string | undefined {
  const { dashboard, dashboardTaskRole } = namesOf(env);
  switch (env.dashboard.tier) {
    case 'none':
      return undefined;
    case 'single':
      return dashboard;
    case 'ha':
      return dashboardTaskRole;
  }
}
