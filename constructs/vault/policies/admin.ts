import { namesOf, VAULT_MOUNTS } from '../../naming/names';
import { grant, type Grant } from '../policy-text';
import type { PolicyScope } from './scope';

/**
 * A person who answers for the environment: its secrets in every version, the secret ids that are out, the users that
 * are in Postgres. Neither another environment's, nor what Vault is made of.
 */
export function adminPolicy({ environment: env, secrets }: PolicyScope): readonly Grant[] {
  const names = namesOf(env).vault;
  const { mount } = secrets;
  const role = `auth/${VAULT_MOUNTS.appRole}/role/${names.role('host')}`;
  const users = `${VAULT_MOUNTS.database}/creds/${names.databaseRole}`;
  return [
    grant(`${mount}/data/*`, 'create', 'read', 'update', 'delete'),
    grant(`${mount}/metadata/*`, 'create', 'read', 'update', 'delete', 'list'),
    ...['delete', 'undelete', 'destroy'].map((what) => grant(`${mount}/${what}/*`, 'create', 'update')),
    ...(env.lambdaCloud
      ? [
          grant(`${role}/role-id`, 'read'),
          grant(`${role}/secret-id`, 'update', 'list'),
          ...['secret-id', 'secret-id-accessor'].flatMap((by) =>
            ['lookup', 'destroy'].map((what) => grant(`${role}/${by}/${what}`, 'create', 'update')),
          ),
        ]
      : []),
    ...(secrets.database
      ? [
          // Each with the lease in its path: with its id in the body it could be anybody's.
          grant(`sys/leases/lookup/${users}/*`, 'list', 'sudo'),
          grant(`sys/leases/revoke/${users}/*`, 'update'),
          grant(`sys/leases/revoke-prefix/${users}`, 'update', 'sudo'),
        ]
      : []),
  ];
}
