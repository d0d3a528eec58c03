import { SECRET_WORKFLOWS } from '../../identity/workflows';
import { namesOf, VAULT_MOUNTS, VAULT_ROLES, type VaultRole } from '../../naming/names';
import { AUDIT_DEVICE, hasAuditDevice } from '../audit-device';
import { grant, type Capability, type Grant } from '../policy-text';
import type { PolicyScope } from './scope';

const KEEP: readonly Capability[] = ['create', 'read', 'update'];
const MANAGE: readonly Capability[] = [...KEEP, 'delete'];

/**
 * Whoever deploys `<env>-vault`: the policies, roles and mounts of the stack by their names, and no secret. Whoever may
 * write a policy may give himself what it allows, so this is as strong as all of them together. What holds secrets,
 * what environments share and what keeps the record of it all, it does not delete.
 */
export function terraformDeployPolicy(scope: PolicyScope): readonly Grant[] {
  const { environment: env, secrets } = scope;
  const names = namesOf(env).vault;
  const { database } = VAULT_MOUNTS;
  return [
    // Terraform's provider works with a child of the token that it is given.
    grant('auth/token/create', 'update'),
    ...VAULT_ROLES.map((role) => grant(`sys/policies/acl/${names.role(role)}`, ...MANAGE)),
    ...(secrets.server ? snapshots(names.snapshotRole) : []),
    // Names alone, so that `vault-init --verify` finds what should not be there.
    grant('sys/policies/acl', 'list'),
    grant('sys/auth', 'read'),
    ...engine(secrets.mount),
    grant(`${secrets.mount}/config`, ...KEEP),
    ...(secrets.shared === 'create' ? shared(scope) : []),
    ...logins(scope),
    grant(`${database}/config`, 'list'),
    grant(`${database}/config/${names.databaseConnection}`, ...MANAGE),
    grant(`${database}/roles`, 'list'),
    grant(`${database}/roles/${names.databaseRole}`, ...MANAGE),
  ];
}

function shared({ secrets }: PolicyScope): readonly Grant[] {
  const { github, aws, appRole, database } = VAULT_MOUNTS;
  return [
    ...[github, aws, appRole].flatMap(authMethod),
    grant(`auth/${github}/config`, ...KEEP),
    grant(`auth/${aws}/config/client`, ...KEEP),
    ...engine(database),
    ...(hasAuditDevice(secrets)
      ? [grant('sys/audit', 'read', 'sudo'), grant(`sys/audit/${AUDIT_DEVICE}`, ...KEEP, 'sudo')]
      : []),
  ];
}

/** Of the environment's own Vault. */
const snapshots = (role: string): readonly Grant[] => [
  grant(`sys/policies/acl/${role}`, ...MANAGE),
  grant(`auth/${VAULT_MOUNTS.aws}/role/${role}`, ...MANAGE),
];

function logins({ environment: env }: PolicyScope): readonly Grant[] {
  const names = namesOf(env).vault;
  const { github, aws, appRole } = VAULT_MOUNTS;
  const workflows = Object.keys(SECRET_WORKFLOWS) as (keyof typeof SECRET_WORKFLOWS)[];
  const roles = (mount: string, of: readonly VaultRole[]) => [
    grant(`auth/${mount}/role`, 'list'),
    ...of.map((role) => grant(`auth/${mount}/role/${names.role(role)}`, ...MANAGE)),
  ];
  return [
    ...roles(github, workflows),
    ...roles(aws, ['host', 'dashboard']),
    ...roles(appRole, ['host']),
    grant(`auth/${appRole}/role/${names.role('host')}/role-id`, 'read', 'update'),
    ...authMethod(names.kubernetesMount),
    grant(`auth/${names.kubernetesMount}/config`, ...KEEP),
    ...roles(names.kubernetesMount, ['dashboard']),
  ];
}

const engine = (mount: string): readonly Grant[] => [
  grant(`sys/mounts/${mount}`, ...KEEP),
  grant(`sys/mounts/${mount}/tune`, 'read', 'update'),
];

const authMethod = (mount: string): readonly Grant[] => [
  grant(`sys/auth/${mount}`, ...KEEP, 'sudo'),
  grant(`sys/auth/${mount}/tune`, 'read', 'update', 'sudo'),
  // By these paths Terraform's provider reads and changes it.
  grant(`sys/mounts/auth/${mount}`, 'read'),
  grant(`sys/mounts/auth/${mount}/tune`, 'read', 'update'),
];
