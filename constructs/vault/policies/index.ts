/** What each role may do in Vault. */
import type { VaultRole } from '../../naming/names';
import { grant, policyText, type Grant } from '../policy-text';
import { adminPolicy } from './admin';
import { dashboardPolicy } from './dashboard';
import { deployPolicy } from './deploy';
import { hostPolicy } from './host';
import { rotatePolicy } from './rotate';
import type { PolicyScope } from './scope';
import { terraformDeployPolicy } from './terraform-deploy';

export type { PolicyScope } from './scope';

const POLICIES: Readonly<Record<VaultRole, (scope: PolicyScope) => readonly Grant[]>> = {
  deploy: deployPolicy,
  host: hostPolicy,
  dashboard: dashboardPolicy,
  rotate: rotatePolicy,
  'terraform-deploy': terraformDeployPolicy,
  admin: adminPolicy,
};

/** Of whoever has a token. Vault's own `default` policy allows more, and belongs to whoever runs the Vault. */
const ITS_OWN_TOKEN: readonly Grant[] = [
  grant('auth/token/lookup-self', 'read'),
  grant('auth/token/renew-self', 'update'),
  grant('auth/token/revoke-self', 'update'),
];

export const grantsOf = (role: VaultRole, scope: PolicyScope): readonly Grant[] => [
  ...POLICIES[role](scope),
  ...ITS_OWN_TOKEN,
];

/** HCL of the role's policy. */
export const vaultPolicy = (role: VaultRole, scope: PolicyScope): string => policyText(grantsOf(role, scope));
