/**
 * A user of a Redis server and its passwords: https://redis.io/docs/latest/commands/acl-setuser/. They go to the server as
 * their SHA-256, which is what it keeps of them.
 */
import { createHash } from 'node:crypto';
import { createClient } from '@redis/client';
import { messageOf } from '../../../../benchmark/src/host/log/host-log';
import { CliError } from '../../cli';

const TIME_LIMIT_MS = 10_000;

export interface RedisLogin {
  readonly username: string;
  readonly password: string;
}

export interface RedisUser {
  /** SHA-256 of each password that is taken, in hex. */
  readonly hashes: readonly string[];
  /** Whether anybody is let in under its name. */
  readonly needsNoPassword: boolean;
}

type Ask = (...command: readonly string[]) => Promise<unknown>;

export const hashOf = (password: string): string => createHash('sha256').update(password).digest('hex');

/** A connection of an administrator. */
export class RedisAdmin {
  private constructor(private readonly ask: Ask) {}

  /** @param adminUrl `redis://…` or `rediss://…` of a user who may use `ACL` @throws CliError */
  static async connected<T>(adminUrl: string, work: (admin: RedisAdmin) => Promise<T>): Promise<T> {
    return connected(checked(adminUrl), (ask) => work(new RedisAdmin(ask)));
  }

  async name(): Promise<string> {
    return String(await this.ask('ACL', 'WHOAMI'));
  }

  /** Undefined when there is none of that name. */
  async user(username: string): Promise<RedisUser | undefined> {
    const told = (await this.ask('ACL', 'GETUSER', username)) as UserWire | null;
    if (told === null) return undefined;
    return { hashes: told.passwords, needsNoPassword: told.flags.includes('nopass') };
  }

  /** Lets the user in by one more password, and by one less, at once. */
  async change(username: string, hashes: { readonly add: string; readonly remove?: string }): Promise<void> {
    const { add, remove } = hashes;
    await this.ask('ACL', 'SETUSER', username, `#${add}`, ...(remove === undefined ? [] : [`!${remove}`]));
  }

  /** Makes the server know its users after its next start too. @returns why it will not; undefined when it will */
  async keep(): Promise<string | undefined> {
    try {
      await this.ask('ACL', 'SAVE');
      return undefined;
    } catch (byAclFile) {
      if (!/not configured to use an ACL file/i.test(messageOf(byAclFile))) throw byAclFile;
    }
    try {
      await this.ask('CONFIG', 'REWRITE');
      return undefined;
    } catch (byConfigFile) {
      if (!/without a config file/i.test(messageOf(byConfigFile))) throw byConfigFile;
      return 'it has neither an ACL file nor a configuration file';
    }
  }
}

/** Logs in as the user, as a consumer would. @throws CliError */
export async function tryRedisLogin(adminUrl: string, { username, password }: RedisLogin): Promise<void> {
  const url = checked(adminUrl);
  Object.assign(url, { username, password });
  await connected(url, () => Promise.resolve());
}

interface UserWire {
  readonly flags: readonly string[];
  readonly passwords: readonly string[];
}

async function connected<T>(url: URL, work: (ask: Ask) => Promise<T>): Promise<T> {
  const client = createClient({
    url: url.href,
    socket: { connectTimeout: TIME_LIMIT_MS, socketTimeout: TIME_LIMIT_MS, reconnectStrategy: false },
  });
  // The same failure rejects what was asked.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work((...command) => client.sendCommand(command));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(
      `redis: ${decodeURIComponent(url.username) || 'default'} at ${url.host}: ${messageOf(error)}`,
    );
  } finally {
    if (client.isOpen) client.destroy();
  }
}

/** @throws CliError that does not show it: a password stands in it */
function checked(adminUrl: string): URL {
  const url = URL.canParse(adminUrl) ? new URL(adminUrl) : undefined;
  if (!url || !/^rediss?:$/.test(url.protocol) || !url.hostname)
    throw new CliError(
      'REDIS_ADMIN_URL is no URL of a Redis; allowed: redis://user:password@host or rediss://…',
    );
  return url;
}
