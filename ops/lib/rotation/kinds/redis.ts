/** The password of a user of Redis: the next one is taken beside the one so far, until everybody has read it. */
import { randomBytes } from 'node:crypto';
import { VAULT_PATHS } from '../../../../benchmark/src/contract/vault';
import { namesOf } from '../../../../constructs/naming/names';
import type { Environment } from '../../../../environments/schema';
import { CliError } from '../../cli';
import { variableOf, type Context, type Kind } from '../kind';
import { hashOf, RedisAdmin, tryRedisLogin, type RedisUser } from '../servers/redis-user';

export const REDIS_ADMIN_URL = 'REDIS_ADMIN_URL';
const PASSWORD_BYTES = 24;
const OVERLAP_HOURS = 24;

export function redisKind(env: Environment): Kind {
  const path = VAULT_PATHS.redis;
  return {
    ...{ what: 'redis', path, intervalDays: 30, variables: [REDIS_ADMIN_URL] },
    prepare: async (context) => {
      const before = (await context.secrets.read(path))?.fields ?? {};
      const { username = namesOf(env).prefix, password: previous } = before;
      const url = variableOf(context, REDIS_ADMIN_URL);
      await RedisAdmin.connected(url, (admin) => changeable(admin, username));
      return {
        ...{ username, password: randomBytes(PASSWORD_BYTES).toString('base64url') },
        ...(previous === undefined ? {} : { previous_hash: hashOf(previous) }),
      };
    },
    steps: [
      {
        name: 'add',
        title: 'the server takes the next password too, and is logged in to with it',
        run: async ({ next: { username, password } }, context) => {
          await change(context, username!, { add: hashOf(password!) });
          const login = { username: username!, password: password! };
          await tryRedisLogin(variableOf(context, REDIS_ADMIN_URL), login);
        },
      },
      {
        name: 'vault',
        title: `whoever reads it from now on gets the next one; the server takes both for ${OVERLAP_HOURS} h`,
        run: async ({ next: { username, password } }, { secrets }) => {
          const before = await secrets.read(path);
          const login = { username: username!, password: password! };
          await secrets.write(path, { ...before?.fields, ...login }, before);
        },
      },
      {
        name: 'remove',
        title: 'the password before lets nobody in any more',
        afterHours: OVERLAP_HOURS,
        // The next one is added again: a server that was started meanwhile may have forgotten it.
        run: ({ next: { username, password, previous_hash: remove } }, context) =>
          change(context, username!, {
            ...{ add: hashOf(password!), ...(remove === undefined ? {} : { remove }) },
          }),
      },
    ],
  };
}

/** @throws CliError when its password cannot be changed without harm */
async function changeable(admin: RedisAdmin, username: string): Promise<RedisUser> {
  const user = await admin.user(username);
  if (!user)
    throw new CliError(
      `redis: no user ${username}; allowed: one made before by ACL SETUSER, which says what it may do`,
    );
  if (user.needsNoPassword)
    throw new CliError(
      `redis: ${username} needs no password, and a first one would shut everybody out; allowed: one that has a password`,
    );
  if ((await admin.name()) === username)
    throw new CliError(`redis: the administrator is ${username}, whose password changes; allowed: another`);
  return user;
}

async function change(
  context: Context,
  username: string,
  { add, remove }: { readonly add: string; readonly remove?: string },
): Promise<void> {
  const forgets = await RedisAdmin.connected(variableOf(context, REDIS_ADMIN_URL), async (admin) => {
    const { hashes } = await changeable(admin, username);
    // Redis refuses to remove what is not there.
    const removed = remove !== undefined && hashes.includes(remove) ? { remove } : {};
    await admin.change(username, { add, ...removed });
    return admin.keep();
  });
  if (forgets !== undefined)
    context.progress(`redis: the server forgets the password when it is started again: ${forgets}`);
}
