/** What Vault has Postgres do to make a short-lived user and to get rid of it; `{{…}}` is filled in by Vault. */
import type { VaultSecrets } from '../../environments/schema';

type Database = Pick<NonNullable<VaultSecrets['database']>, 'ownerRole'>;

/**
 * The user acts as the owner of the tables from its login on, so that what it makes outlives it. Whoever made it is its
 * member too: from Postgres 16 on, only a member may end its sessions and take what it owns.
 */
export const creationStatements = ({ ownerRole }: Database): string[] => [
  `CREATE ROLE "{{name}}" WITH LOGIN NOINHERIT PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' IN ROLE "${ownerRole}"`,
  `ALTER ROLE "{{name}}" SET ROLE "${ownerRole}"`,
  'GRANT "{{name}}" TO CURRENT_USER',
];

/**
 * First nobody gets in as it any more, then whoever is in goes. Vault sends all of it as one transaction, of which others see
 * nothing before its end: a pool that connects again would get in between. So the first step is committed by itself.
 */
export const revocationStatements = ({ ownerRole }: Database): string[] => [
  'ALTER ROLE "{{name}}" WITH NOLOGIN',
  'COMMIT',
  'BEGIN',
  `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{{name}}'`,
  `REASSIGN OWNED BY "{{name}}" TO "${ownerRole}"`,
  'DROP OWNED BY "{{name}}"',
  'DROP ROLE "{{name}}"',
];
