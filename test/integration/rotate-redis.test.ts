/** Redis changes a user's password under somebody who connects all the time: real servers, and a real Vault. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { VAULT_PATHS } from '../../benchmark/src/contract/vault';
import { PythonRandom } from '../../benchmark/src/sampling/python-random';
import { loadEnvironment } from '../../environments';
import { redisKind, REDIS_ADMIN_URL } from '../../ops/lib/rotation/kinds/redis';
import { cutAtEveryRequest } from '../support/at-every-request';
import { Consumer } from '../support/consumer';
import { withRedis, type Login, type RedisServer, type UsersKept } from '../support/redis';
import { withRotationWorld } from '../support/rotation-world';
import { describeWithTools } from '../support/skip';

const PROJECT = join(__dirname, '../..');
const ROUNDS = Number(process.env.HE300_FAULT_ROUNDS ?? 2);
const SEED = Number(process.env.HE300_FAULT_SEED ?? Date.now() % 1_000_000);

const USER = 'he300-prod';
const FIRST: Login = { username: USER, password: 'the-first-of-all' };
/** No more than it needs: it may not even ask who it is. */
const RIGHTS = ['on', '~runs:*', 'resetchannels', '+incr', '+ping'];
const PATH = VAULT_PATHS.redis;

const REFUSED = /WRONGPASS/;

describeWithTools(
  ['vault', 'redis-server'],
  `rotation of passwords of Redis (HE300_FAULT_SEED=${SEED})`,
  (tools) => {
    const random = new PythonRandom(SEED);
    const servers: Readonly<Record<UsersKept, () => RedisServer>> = {
      'acl-file': withRedis(tools['redis-server'], 'acl-file'),
      'config-file': withRedis(tools['redis-server'], 'config-file'),
      nowhere: withRedis(tools['redis-server'], 'nowhere'),
    };
    const world = withRotationWorld(tools.vault, { variables: () => adminOf(servers['acl-file']()) });
    const kind = redisKind(loadEnvironment('prod'));

    const adminOf = (server: RedisServer) => ({ [REDIS_ADMIN_URL]: server.url(server.admin) });
    const login = async (): Promise<Login> => {
      const { username, password } = (await world().read(PATH))!;
      return { username: username!, password: password! };
    };
    const use = (server: RedisServer, found: Login) => server.commandAs(found, 'INCR', 'runs:seen');
    /** Connects anew for each of his commands. */
    const consumerOf = (server: RedisServer) => ({
      ...{ read: login, usesEach: 2 },
      use: async (found: Login) => void (await use(server, found)),
    });
    /** A user that somebody made, and told Vault of. */
    async function newUser(server: RedisServer): Promise<void> {
      await server.command('ACL', 'SETUSER', USER, 'reset', ...RIGHTS, `>${FIRST.password}`);
      await world().write(PATH, { ...FIRST });
    }

    test('tells in a line what is missing or would do harm, and changes nothing', async () => {
      const server = servers['acl-file']();
      const tried = (url: string) => world().rotate(kind, { variables: { [REDIS_ADMIN_URL]: url } });
      const admin = server.url(server.admin);
      await expect(world().rotate(kind, { variables: {} })).rejects.toThrow(
        `${REDIS_ADMIN_URL} is not set in the environment`,
      );
      await expect(tried('https://canary@host')).rejects.toThrow(
        /^REDIS_ADMIN_URL is no URL of a Redis; allowed: [^@]*@host or rediss:/,
      );
      await expect(tried(server.url({ username: 'admin', password: 'canary' }))).rejects.toThrow(
        /^redis: admin at 127\.0\.0\.1:\d+: WRONGPASS [^c]*$/,
      );
      await expect(tried(admin)).rejects.toThrow(
        `redis: no user ${USER}; allowed: one made before by ACL SETUSER, which says what it may do`,
      );
      await server.command('ACL', 'SETUSER', USER, ...RIGHTS, 'nopass');
      await expect(tried(admin)).rejects.toThrow(
        `redis: ${USER} needs no password, and a first one would shut`,
      );
      await newUser(server);
      await server.command('ACL', 'SETUSER', USER, '+acl');
      await expect(tried(server.url(FIRST))).rejects.toThrow(
        `redis: the administrator is ${USER}, whose password changes; allowed: another`,
      );
      await newUser(server);
      await expect(tried(server.url(FIRST))).rejects.toThrow(/^redis: he300-prod at .*: NOPERM /);
      expect(await login()).toEqual(FIRST);
      expect(await world().unfinished()).toEqual([]);
      expect(world().lines.join('\n')).not.toContain('canary');
    });

    test('both passwords open for a day, and then the next one alone', async () => {
      const server = servers['acl-file']();
      await newUser(server);
      const variables = adminOf(server);
      expect(await world().rotate(kind, { variables })).toMatchObject({ did: 'waits', step: 'remove' });
      const next = await login();
      expect(next.password).not.toBe(FIRST.password);
      await use(server, FIRST);
      await use(server, next);
      world().hoursPass(23);
      expect(await world().rotate(kind, { variables })).toMatchObject({ did: 'waits', step: 'remove' });
      await use(server, FIRST);
      world().hoursPass(1);
      expect(await world().rotate(kind, { variables })).toEqual({
        what: 'redis',
        did: 'rotated',
        resumed: true,
      });
      await use(server, next);
      await expect(use(server, FIRST)).rejects.toThrow(REFUSED);
      expect(await world().unfinished()).toEqual([]);
    });

    test('its administrator needs no more rights than the page says', async () => {
      const page = readFileSync(join(PROJECT, 'docs/secrets.md'), 'utf8');
      const [, rights] = /ACL SETUSER rotator on >… (.+)/.exec(page)!;
      const rotator: Login = { username: 'rotator', password: 'of-the-rotator' };
      for (const kept of ['acl-file', 'config-file'] as const) {
        const server = servers[kept]();
        await newUser(server);
        await server.command(
          'ACL',
          'SETUSER',
          'rotator',
          'on',
          `>${rotator.password}`,
          ...rights!.split(' '),
        );
        await expect(server.commandAs(rotator, 'GET', 'runs:seen')).rejects.toThrow(/NOPERM/);
        const variables = { [REDIS_ADMIN_URL]: server.url(rotator) };
        await world().rotateToTheEnd(kind, { variables });
        await use(server, await login());
        await expect(use(server, FIRST)).rejects.toThrow(REFUSED);
      }
    });

    test('one that has leaked opens nothing any more at once', async () => {
      const server = servers['acl-file']();
      await newUser(server);
      const outcome = await world().rotate(kind, { variables: adminOf(server), leaked: true });
      expect(outcome).toMatchObject({ did: 'rotated' });
      await use(server, await login());
      await expect(use(server, FIRST)).rejects.toThrow(REFUSED);
    });

    test('cut at each of its requests to Vault, it is ended by whoever comes next, and nobody is refused', async () => {
      const server = servers['acl-file']();
      await newUser(server);
      let cut = 0;
      const refused = await Consumer.during(consumerOf(server), async (using) => {
        cut = await cutAtEveryRequest({
          ...{ world: world(), kind },
          async consumers() {
            await using.hasCaughtUp();
            const before = await login();
            return {
              async inOverlap() {
                const now = await login();
                await use(server, before);
                if (now.password !== before.password) await use(server, now);
              },
              async atTheEnd() {
                await use(server, await login());
                await expect(use(server, before)).rejects.toThrow(REFUSED);
              },
            };
          },
        });
      });
      expect(refused).toBeUndefined();
      // Its record and the secret, each read and written: both ways of hearing, both of dying.
      expect(cut).toBeGreaterThan(4 * 10);
      const { passwords } = (await server.command('ACL', 'GETUSER', USER)) as { passwords: string[] };
      expect(passwords).toHaveLength(1);
    }, 300_000);

    test('the program itself, killed at random moments, is followed by the next, and nobody is refused', async () => {
      const server = servers['acl-file']();
      await newUser(server);
      const { vault, token, env } = world();
      const variables = { ...adminOf(server), VAULT_ADDR: vault.address, VAULT_TOKEN: token };
      const program = () =>
        spawn(process.execPath, ['--import', 'tsx', 'ops/rotate.ts', env.name, 'redis'], {
          ...{ cwd: PROJECT, env: { ...process.env, ...variables }, stdio: ['ignore', 'ignore', 'pipe'] },
        });
      let killed = 0;
      const refused = await Consumer.during(consumerOf(server), async (using) => {
        for (let round = 0; round < ROUNDS; round++) {
          const child = program();
          const closed = once(child, 'close');
          // Until it says what it does, it starts.
          await Promise.race([once(child.stderr!, 'data'), closed]);
          await delay(random.randomBelow(40));
          if (child.kill('SIGKILL')) killed++;
          await closed;
          expect(await once(program(), 'close')).toEqual([0, null]);
          await using.hasCaughtUp();
          world().hoursPass(24);
          expect(await world().rotate(kind)).toMatchObject({ did: 'rotated', resumed: true });
        }
      });
      expect(refused).toBeUndefined();
      process.stderr.write(`rotate redis: ${killed} of ${ROUNDS} killed in the midst of their work\n`);
      await use(server, await login());
      await expect(use(server, FIRST)).rejects.toThrow(REFUSED);
    }, 300_000);

    test.each(['acl-file', 'config-file'] as const)(
      'a server with its users in an %s knows them after a crash',
      async (kept) => {
        const server = servers[kept]();
        await newUser(server);
        const variables = adminOf(server);
        const from = world().lines.length;
        await world().rotate(kind, { variables });
        await server.kill();
        await server.start();
        await use(server, FIRST);
        await use(server, await login());
        world().hoursPass(24);
        await world().rotate(kind, { variables });
        await server.kill();
        await server.start();
        await use(server, await login());
        await expect(use(server, FIRST)).rejects.toThrow(REFUSED);
        expect(world().lines.slice(from).join('\n')).not.toContain('forgets');
      },
    );

    test('one that keeps them nowhere is told of, and one that forgot the next password is given it again', async () => {
      const server = servers.nowhere();
      await newUser(server);
      const variables = adminOf(server);
      const from = world().lines.length;
      await world().rotate(kind, { variables });
      expect(world().lines.slice(from)).toContain(
        'redis: the server forgets the password when it is started again: it has neither an ACL file nor a configuration file',
      );
      await server.kill();
      await server.start();
      world().hoursPass(24);
      await expect(world().rotate(kind, { variables })).rejects.toThrow(`redis: no user ${USER}; allowed:`);
      await server.command('ACL', 'SETUSER', USER, ...RIGHTS, `>${FIRST.password}`);
      await world().rotate(kind, { variables });
      await use(server, await login());
      await expect(use(server, FIRST)).rejects.toThrow(REFUSED);
    });

    test('no password was said', async () => {
      const said = world().lines.join('\n');
      for (const { password } of [FIRST, await login()]) expect(said).not.toContain(password);
    });
  },
);
