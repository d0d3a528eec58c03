import { VAULT_PATHS } from '@he300/benchmark/contract';
import { namesOf, VAULT_MOUNTS } from '../../naming/names';
import { grant, type Grant } from '../policy-text';
import { dataAt } from './kv';
import type { PolicyScope } from './scope';

/** The dashboard: keys that it checks and signs with, its certificate, its databases, short-lived users of Postgres. */
export function dashboardPolicy({ environment: env, secrets }: PolicyScope): readonly Grant[] {
  const data = dataAt(secrets);
  return [
    ...[
      VAULT_PATHS.webhookKey,
      VAULT_PATHS.jwtSigningKey,
      VAULT_PATHS.tlsCert,
      VAULT_PATHS.tlsKey,
      VAULT_PATHS.postgres,
      VAULT_PATHS.redis,
    ].map((path) => grant(data(path), 'read')),
    ...(secrets.database
      ? [
          grant(`${VAULT_MOUNTS.database}/creds/${namesOf(env).vault.databaseRole}`, 'read'),
          // Of such a user: whoever has the lease's id may renew it.
          grant('sys/leases/renew', 'update'),
        ]
      : []),
  ];
}
