import { Policy } from '@cdktf/provider-vault/lib/policy';
import { Construct } from 'constructs';
import { namesOf, VAULT_ROLES } from '../naming/names';
import { vaultPolicy, type PolicyScope } from './policies';

/** A policy for each role, under the role's name. Roles of auth methods refer to them by it, as Vault does. */
export class RolePolicies extends Construct {
  constructor(scope: Construct, id: string, props: PolicyScope) {
    super(scope, id);
    const names = namesOf(props.environment).vault;
    for (const role of VAULT_ROLES)
      new Policy(this, role, { name: names.role(role), policy: vaultPolicy(role, props) });
  }
}
