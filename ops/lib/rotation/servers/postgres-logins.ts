/** Users of a Postgres server that may act as one role, as an administrator of that server makes them. */
import pg from 'pg';
import { messageOf } from '../../../../benchmark/src/host/log/host-log';
import { CliError } from '../../cli';
import { scramVerifier } from './scram';

const TIME_LIMIT_MS = 10_000;

export interface PostgresLogin {
  readonly username: string;
  readonly password: string;
}

/**
 * Makes the user where there is none, gives it the password, and lets it act as the role from its first statement on.
 * Sessions that it has go on.
 * @param adminUrl `postgres://…` of one who may make roles and grant that one
 * @throws CliError
 */
export async function setLogin(
  adminUrl: string,
  { username, password }: PostgresLogin,
  actsAs: string,
): Promise<void> {
  const [user, role] = [pg.escapeIdentifier(username), pg.escapeIdentifier(actsAs)];
  await connected(checked(adminUrl), async (client) => {
    const { rows } = await client.query<Standing>(STANDING, [username, actsAs]);
    const { admin, there, member, high, owner } = rows[0]!;
    if (!owner)
      throw new CliError(`postgres: no role ${actsAs}; allowed: the one that owns the tables, made before`);
    if (admin === username)
      throw new CliError(
        `postgres: the administrator is ${username}, whose password changes; allowed: another`,
      );
    if (there && (high || !member))
      throw new CliError(
        `postgres: the user ${username} is there and no mere member of ${actsAs}; allowed: none, or one that rotate made`,
      );
    // Of one transaction: a user who cannot act as the role is of no use to anybody.
    await client.query('begin');
    if (!there) await client.query(`create role ${user}`);
    await client.query(`grant ${role} to ${user}`);
    await client.query(`alter role ${user} set role to ${role}`);
    const verifier = pg.escapeLiteral(scramVerifier(password));
    await client.query(`alter role ${user} with login password ${verifier}`);
    await client.query('commit');
  });
}

/** Logs in as the user, as a consumer would. @throws CliError when it cannot, or does not act as the role */
export async function tryLogin(
  adminUrl: string,
  database: string,
  { username, password }: PostgresLogin,
  actsAs: string,
): Promise<void> {
  const url = checked(adminUrl);
  Object.assign(url, { username, password, pathname: `/${database}` });
  await connected(url, async (client) => {
    const { rows } = await client.query<{ name: string }>('select current_user as name');
    if (rows[0]?.name !== actsAs)
      throw new CliError(`postgres: ${username} acts as ${rows[0]?.name}; allowed: ${actsAs}`);
  });
}

/** Lets the user in no more, and ends its sessions. @returns why these go on; undefined when they ended @throws CliError */
export async function endLogin(adminUrl: string, username: string): Promise<string | undefined> {
  return connected(checked(adminUrl), async (client) => {
    const { rows } = await client.query('select from pg_roles where rolname = $1', [username]);
    if (rows.length === 0) return undefined;
    await client.query(`alter role ${pg.escapeIdentifier(username)} with password null`);
    return client
      .query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [username])
      .then(
        () => undefined,
        (error: unknown) => messageOf(error),
      );
  });
}

interface Standing {
  readonly admin: string;
  readonly there: boolean;
  readonly member: boolean;
  readonly high: boolean;
  readonly owner: boolean;
}

/** `pg_auth_members` and not `pg_has_role`: that one says yes of every superuser. */
const STANDING = `
  select session_user as admin,
    exists (select from pg_roles where rolname = $2) as owner,
    exists (select from pg_roles where rolname = $1) as there,
    exists (select from pg_roles where rolname = $1
      and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)) as high,
    exists (select from pg_auth_members
      join pg_roles a on a.oid = roleid join pg_roles b on b.oid = member
      where a.rolname = $2 and b.rolname = $1) as member`;

async function connected<T>(url: URL, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    ...{ connectionString: url.href, connectionTimeoutMillis: TIME_LIMIT_MS },
    ...{ query_timeout: TIME_LIMIT_MS, application_name: 'he300-rotate' },
  });
  // The same failure rejects what was asked.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`postgres: ${decodeURIComponent(url.username)} at ${url.host}: ${messageOf(error)}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** @throws CliError that does not show it: a password stands in it */
function checked(adminUrl: string): URL {
  const url = URL.canParse(adminUrl) ? new URL(adminUrl) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || !url.hostname)
    throw new CliError(
      'DATABASE_ADMIN_URL is no URL of a Postgres; allowed: postgres://user:password@host/database',
    );
  return url;
}
