/** Postgres changes its users' passwords under somebody who connects all the time: a real server, and a real Vault. */
import pg from 'pg';
import { VAULT_PATHS } from '../../benchmark/src/contract/vault';
import { loadEnvironment } from '../../environments';
import { postgresKind, POSTGRES_ADMIN_URL } from '../../ops/lib/rotation/kinds/postgres';
import { cutAtEveryRequest } from '../support/at-every-request';
import { Consumer } from '../support/consumer';
import { withPostgres } from '../support/postgres';
import { askPasswords } from '../support/postgres-passwords';
import { withRotationWorld, type WithVault } from '../support/rotation-world';
import { describeWithTools } from '../support/skip';

const OWNER = 'bench_owner';
const DATABASE = 'test1';
const ADMIN = { username: 'rotator', password: 'of-the-rotator' };

const prod = loadEnvironment('prod') as WithVault;
const database = {
  ...{ host: '127.0.0.1', port: 5432, name: DATABASE, adminUsername: 'vault', ownerRole: OWNER },
  tls: 'disable' as const,
};
const env: WithVault = { ...prod, secrets: { ...prod.secrets, database } };

describeWithTools(['vault', 'postgres'], 'rotation of users of Postgres', ({ vault, postgres: server }) => {
  const cluster = withPostgres(server);
  /** Of a superuser. */
  let url: string;
  const as = ({ username, password }: { username: string; password: string }): string =>
    Object.assign(new URL(url), { username, password }).href;
  const query = async <T extends pg.QueryResultRow>(at: string, sql: string): Promise<T[]> => {
    const client = new pg.Client(at);
    try {
      await client.connect();
      return (await client.query<T>(sql)).rows;
    } finally {
      await client.end();
    }
  };

  beforeAll(async () => {
    url = await askPasswords(await cluster.newDatabase());
    await query(url, `create role ${OWNER}`);
    await query(url, `create role ${ADMIN.username} login createrole password '${ADMIN.password}'`);
    await query(url, `create table ran (who text); alter table ran owner to ${OWNER}`);
  });
  const world = withRotationWorld(vault, { variables: () => ({ [POSTGRES_ADMIN_URL]: as(ADMIN) }) });
  const kind = postgresKind(env);

  const login = async () => {
    const { username, password } = (await world().read(VAULT_PATHS.postgres))!;
    return { username: username!, password: password! };
  };
  /** Connects anew for each of his statements. */
  const consumer = {
    ...{ read: login, usesEach: 2 },
    use: async (found: { username: string; password: string }) =>
      void (await query(as(found), 'insert into ran values (session_user)')),
  };

  test('tells in a line what is missing, and changes nothing', async () => {
    const tried = (variables: Readonly<Record<string, string>>, of = env) =>
      world().rotate(postgresKind(of), { variables });
    await expect(tried({})).rejects.toThrow(`${POSTGRES_ADMIN_URL} is not set in the environment`);
    await expect(tried({ [POSTGRES_ADMIN_URL]: as(ADMIN) }, prod)).rejects.toThrow(
      'environments/prod.ts: secrets.database: none; allowed: the one whose ownerRole the users act as',
    );
    expect(await world().unfinished()).toEqual([]);
    expect(await world().read(VAULT_PATHS.postgres)).toBeUndefined();
  });

  test('makes the first user, who acts as the owner of the tables and is nothing more', async () => {
    expect(await world().rotate(kind)).toEqual({ what: 'postgres', did: 'rotated', resumed: false });
    const first = await login();
    expect(first.username).toBe(`${OWNER}_a`);
    const [who] = await query(as(first), 'select current_user, session_user');
    expect(who).toEqual({ current_user: OWNER, session_user: `${OWNER}_a` });
    const [can] = await query(url, `select * from pg_roles where rolname = '${OWNER}_a'`);
    expect(can).toMatchObject({
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolcanlogin: true,
    });
    await expect(query(as({ ...first, password: 'another' }), 'select 1')).rejects.toThrow(/password/);
  });

  test('a server that cannot be asked is told in a line without its password, and the next run goes on', async () => {
    const before = await login();
    const admin = { [POSTGRES_ADMIN_URL]: as({ ...ADMIN, password: 'canary-of-the-admin' }) };
    const refused = world().rotate(kind, { variables: admin });
    await expect(refused).rejects.toThrow(
      /^postgres: rotator at 127\.0\.0\.1:\d+: password authentication failed for user "rotator"$/,
    );
    expect(await login()).toEqual(before);
    expect(await world().unfinished()).toEqual(['postgres']);
    expect(await world().rotate(kind)).toEqual({ what: 'postgres', did: 'rotated', resumed: true });
    expect(await world().unfinished()).toEqual([]);
    expect(world().lines.join('\n')).not.toContain('canary');
  });

  test('the two take turns, and one who connects all the time is never refused', async () => {
    const names: string[] = [];
    const refused = await Consumer.during(consumer, async (using) => {
      for (let i = 0; i < 4; i++) {
        await world().rotate(kind);
        names.push((await login()).username);
        await using.hasCaughtUp();
      }
    });
    expect(refused).toBeUndefined();
    expect(names).toEqual(['a', 'b', 'a', 'b'].map((letter) => `${OWNER}_${letter}`));
    const who = await query<{ who: string }>(url, 'select distinct who from ran order by who');
    expect(who).toEqual([{ who: `${OWNER}_a` }, { who: `${OWNER}_b` }]);
  });

  test('what was told before the last rotation still opens, and what was told before that does not', async () => {
    const first = await login();
    await world().rotate(kind);
    await query(as(first), 'select 1');
    await world().rotate(kind);
    await expect(query(as(first), 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  test('a user whose password has leaked is shut out at once', async () => {
    const leaked = await login();
    await world().rotate(kind, { leaked: true });
    await query(as(await login()), 'select 1');
    await expect(query(as(leaked), 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  test('and by whoever goes on, too, where the one who knew that was killed', async () => {
    const leaked = await login();
    const progress = (line: string): void => {
      if (line.startsWith('postgres: close:')) throw new Error('killed');
    };
    await expect(world().rotate(kind, { leaked: true, progress })).rejects.toThrow('killed');
    await query(as(leaked), 'select 1');
    expect(await world().rotate(kind)).toEqual({ what: 'postgres', did: 'rotated', resumed: true });
    await expect(query(as(leaked), 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  test('and its sessions end where the administrator may end them; where not, that is said', async () => {
    const session = async (): Promise<{ client: pg.Client; ended: Promise<unknown> }> => {
      const client = new pg.Client(as(await login()));
      const ended = new Promise((resolve) => client.on('error', resolve));
      await client.connect();
      return { client, ended };
    };
    const first = await session();
    await world().rotate(kind, { leaked: true });
    expect(world().lines.at(-1)).toMatch(
      /^postgres: sessions that bench_owner_[ab] has go on, so end them: must be a member of /,
    );
    await first.client.query('select 1');
    await first.client.end();

    await query(url, `grant pg_signal_backend to ${ADMIN.username}`);
    const second = await session();
    await world().rotate(kind, { leaked: true });
    expect(await second.ended).toMatchObject({ code: '57P01' });
    await query(url, `revoke pg_signal_backend from ${ADMIN.username}`);
  });

  test('cut at each of its requests to Vault, it is ended by whoever comes next, and nobody is refused', async () => {
    let cut = 0;
    const refused = await Consumer.during(consumer, async (using) => {
      cut = await cutAtEveryRequest({
        ...{ world: world(), kind },
        async consumers() {
          await using.hasCaughtUp();
          const before = await login();
          return {
            async inOverlap() {
              const now = await login();
              await query(as(before), 'select 1');
              if (now.password !== before.password) await query(as(now), 'select 1');
            },
            async atTheEnd() {
              const now = await login();
              expect(now.username).not.toBe(before.username);
              await query(as(now), 'select 1');
            },
          };
        },
      });
    });
    expect(refused).toBeUndefined();
    // Its record and the secret, each read and written: both ways of hearing, both of dying.
    expect(cut).toBeGreaterThan(4 * 10);
  }, 300_000);

  test('no password was said', async () => {
    const { password } = await login();
    expect(world().lines.join('\n')).not.toContain(password);
  });

  test.each([
    ['another member of nothing', `create role ${OWNER}_c_a login`, `${OWNER}_c`],
    ['one who may make roles', `create role ${OWNER}_d_a login createrole in role ${OWNER}`, `${OWNER}_d`],
  ])('leaves %s alone who has such a name', async (_, sql, username) => {
    await query(url, sql);
    await world().write(VAULT_PATHS.postgres, { username, password: 'x' });
    await expect(world().rotate(kind)).rejects.toThrow(
      `postgres: the user ${username}_a is there and no mere member of ${OWNER}; allowed: none, or one that rotate made`,
    );
    await query(url, `drop role ${username}_a`);
    await world().rotateToTheEnd(kind);
    expect((await login()).username).toBe(`${username}_a`);
  });
});
