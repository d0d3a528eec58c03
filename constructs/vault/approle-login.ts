import { ApproleAuthBackendRole } from '@cdktf/provider-vault/lib/approle-auth-backend-role';
import { AuthBackend } from '@cdktf/provider-vault/lib/auth-backend';
import { Construct } from 'constructs';
import { namesOf, VAULT_MOUNTS } from '../naming/names';
import type { PolicyScope } from './policies';
import { hostToken } from './tokens';

/** As long as a host may take from its order to its login. */
export const SECRET_ID_MINUTES = 20;

/** Hosts on Lambda Cloud have no identity there: each gets a secret id that is good once, and soon not at all. */
export class AppRoleLogin extends Construct {
  constructor(scope: Construct, id: string, props: PolicyScope) {
    super(scope, id);
    const { environment: env, secrets } = props;
    const mount = secrets.shared === 'create' ? this.method() : VAULT_MOUNTS.appRole;
    if (!env.lambdaCloud) return;
    const { lambdaCidrs } = secrets;
    new ApproleAuthBackendRole(this, 'host', {
      backend: mount,
      roleName: namesOf(env).vault.role('host'),
      bindSecretId: true,
      secretIdNumUses: 1,
      secretIdTtl: SECRET_ID_MINUTES * 60,
      ...(lambdaCidrs ? { secretIdBoundCidrs: lambdaCidrs, tokenBoundCidrs: lambdaCidrs } : {}),
      ...hostToken(env),
    });
  }

  private method(): string {
    return new AuthBackend(this, 'method', {
      path: VAULT_MOUNTS.appRole,
      type: 'approle',
      description: 'Hosts without an identity of their cloud',
    }).path;
  }
}
