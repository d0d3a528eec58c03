/**
 * The user of Postgres for those who cannot ask Vault for a short-lived one: two that act as the same role, in turn. The one
 * that nobody is told any more gets the next password, so whoever still uses the other goes on until the next rotation.
 */
import { randomBytes } from 'node:crypto';
import { VAULT_PATHS } from '../../../../benchmark/src/contract/vault';
import type { Environment } from '../../../../environments/schema';
import { CliError } from '../../cli';
import { variableOf, type Fields, type Kind } from '../kind';
import { endLogin, setLogin, tryLogin, type PostgresLogin } from '../servers/postgres-logins';

export const POSTGRES_ADMIN_URL = 'DATABASE_ADMIN_URL';
const PASSWORD_BYTES = 24;

export function postgresKind(env: Environment): Kind {
  const path = VAULT_PATHS.postgres;
  return {
    ...{ what: 'postgres', path, intervalDays: 7, variables: [POSTGRES_ADMIN_URL] },
    prepare: async ({ secrets }) => {
      const { ownerRole } = databaseOf(env);
      const before = (await secrets.read(path))?.fields['username'];
      return {
        ...{
          username: theOther(before, ownerRole),
          password: randomBytes(PASSWORD_BYTES).toString('base64url'),
        },
        ...(before === undefined ? {} : { previous_username: before }),
      };
    },
    steps: [
      {
        name: 'password',
        title: 'the user whose turn it is gets the next password, and logs in with it',
        run: async ({ next }, context) => {
          const { ownerRole, name } = databaseOf(env);
          const url = variableOf(context, POSTGRES_ADMIN_URL);
          await setLogin(url, loginIn(next), ownerRole);
          await tryLogin(url, name, loginIn(next), ownerRole);
        },
      },
      {
        name: 'vault',
        title: 'whoever reads it from now on gets that user',
        run: async ({ next }, { secrets }) => {
          const before = await secrets.read(path);
          await secrets.write(path, { ...before?.fields, ...loginIn(next) }, before);
        },
      },
      {
        name: 'close',
        title: 'the user before goes on until the next rotation, but for one that leaked',
        run: async ({ leaked, next: { previous_username: previous } }, context) => {
          if (!leaked || previous === undefined) return;
          const goOn = await endLogin(variableOf(context, POSTGRES_ADMIN_URL), previous);
          if (goOn !== undefined)
            context.progress(`postgres: sessions that ${previous} has go on, so end them: ${goOn}`);
        },
      },
    ],
  };
}

/** `<name>_a` and `<name>_b` take turns; one that is neither is followed by its `_a`. */
function theOther(username: string | undefined, ownerRole: string): string {
  const [, name, letter] = /^(.*)_([ab])$/.exec(username ?? '') ?? [];
  return `${name ?? username ?? ownerRole}_${letter === 'a' ? 'b' : 'a'}`;
}

const loginIn = ({ username, password }: Fields): PostgresLogin => ({
  ...{ username: username!, password: password! },
});

/** @throws CliError when the environment names none */
function databaseOf({ name, secrets }: Environment) {
  if (secrets.kind === 'vault' && secrets.database) return secrets.database;
  throw new CliError(
    `environments/${name}.ts: secrets.database: none; allowed: the one whose ownerRole the users act as`,
  );
}
