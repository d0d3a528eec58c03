/** Users that a real Vault makes in a real Postgres: what they may do, and that they are gone when their time is over. */
import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { namesOf } from '../../constructs/naming/names';
import { until } from '../support/cloud';
import { describeWithTools } from '../support/skip';
import { OWNER_ROLE, withVaultWorld } from '../support/vault-world';

const LIMIT_MS = 60_000;
const SHORT_SECONDS = 2;

interface Lease {
  readonly id: string;
  readonly username: string;
  readonly password: string;
}

/** Several connections that come back at once, as a pool's do; and as often as it takes for one to slip through a gap. */
const WORKERS = 8;
const ROUNDS = 40;

describeWithTools(['vault', 'postgres', 'moto'], 'a short-lived user of Postgres', (tools) => {
  const world = withVaultWorld(tools);
  const sessions: pg.Client[] = [];
  const creds = () => `database/creds/${namesOf(world().prod).vault.databaseRole}`;

  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.end().catch(() => undefined);
  });

  /** As the dashboard asks for one. */
  async function newUser(): Promise<Lease> {
    const token = await world().login(world().prod, 'dashboard');
    const { data, leaseId } = await world().vault.send<{
      readonly username: string;
      readonly password: string;
    }>({
      ...{ method: 'GET', path: creds(), token },
    });
    return { id: leaseId, ...data };
  }

  async function session(url: string): Promise<pg.Client> {
    const client = new pg.Client(url);
    // A session that the server ends is what some tests are about.
    client.on('error', () => undefined);
    await client.connect();
    sessions.push(client);
    return client;
  }

  const urlOf = ({ username, password }: Pick<Lease, 'username' | 'password'>): string => {
    const url = new URL(world().databaseUrl);
    Object.assign(url, { username: encodeURIComponent(username), password: encodeURIComponent(password) });
    return url.href;
  };
  const superuser = () => session(world().databaseUrl);

  async function exists(username: string): Promise<boolean> {
    const { rowCount } = await (
      await superuser()
    ).query('SELECT FROM pg_roles WHERE rolname = $1', [username]);
    return rowCount === 1;
  }

  async function untilGone(username: string): Promise<void> {
    for (const started = Date.now(); Date.now() - started < LIMIT_MS; await delay(100))
      if (!(await exists(username))) return;
    throw new Error(`${username} is still there after ${LIMIT_MS / 1000} s`);
  }

  const revoke = async ({ id }: Lease, token: string): Promise<void> => {
    await world().vault.send({ method: 'POST', path: `sys/leases/revoke/${id}`, body: {}, token });
  };

  test('gets in with its password and with no other', async () => {
    const { username, password } = await newUser();
    await expect(session(urlOf({ username, password: `${password}x` }))).rejects.toThrow(
      'password authentication failed',
    );
    const { rows } = await (
      await session(urlOf({ username, password }))
    ).query('SELECT session_user, current_user');
    expect(rows).toEqual([{ session_user: username, current_user: OWNER_ROLE }]);
  });

  test('works on the tables of the owner, and what it makes is the owner’s and outlives it', async () => {
    const lease = await newUser();
    const client = await session(urlOf(lease));
    const owner = await superuser();
    await owner.query(`GRANT CREATE ON SCHEMA public TO ${OWNER_ROLE}`);
    await client.query('CREATE TABLE made (id int)');
    await client.query('INSERT INTO made VALUES (1)');
    await revoke(lease, await world().login(world().prod, 'admin'));

    const next = await session(urlOf(await newUser()));
    expect((await next.query('SELECT id FROM made')).rows).toEqual([{ id: 1 }]);
    await next.query('DROP TABLE made');
  });

  test('is no superuser, makes no users and sees no passwords', async () => {
    const client = await session(urlOf(await newUser()));
    await client.query('RESET ROLE');
    for (const sql of ['CREATE ROLE other', 'SELECT * FROM pg_authid', 'CREATE DATABASE other'])
      await expect(client.query(sql)).rejects.toThrow('permission denied');
  });

  test('that is revoked is gone, its session too, though it owned something', async () => {
    const lease = await newUser();
    const client = await session(urlOf(lease));
    // Not as the owner role, so that it is the user's own.
    await client.query('RESET ROLE');
    await client.query('CREATE TEMP TABLE own (id int)');
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    await revoke(lease, await world().login(world().prod, 'admin'));
    await ended;
    expect(await exists(lease.username)).toBe(false);
    await expect(session(urlOf(lease))).rejects.toThrow('password authentication failed');
  });

  test('that is revoked is gone for good, however eagerly who has its password comes back', async () => {
    const admin = await world().login(world().prod, 'admin');
    const owner = await superuser();
    for (let round = 0; round < ROUNDS; round++) {
      const lease = await newUser();
      const { rows } = await owner.query<{ readonly oid: number }>(
        'SELECT oid FROM pg_roles WHERE rolname = $1',
        [lease.username],
      );
      const inside = async (): Promise<number> => {
        const sessions = 'SELECT FROM pg_stat_activity WHERE usesysid = $1';
        return (await owner.query(sessions, [rows[0]!.oid])).rowCount!;
      };
      const pool = new pg.Pool({ connectionString: urlOf(lease), max: WORKERS });
      pool.on('error', () => undefined);
      let stopped = false;
      let refused = new Set<number>();
      const workers = Array.from({ length: WORKERS }, async (_, worker) => {
        while (!stopped) await pool.query('SELECT pg_sleep(600)').catch(() => refused.add(worker));
      });
      await until(async () => (await inside()) === WORKERS, 'all of them to be in');
      await revoke(lease, admin);

      // Who is refused once more is outside for ever. Who is in stays in: nothing ends his session any more.
      refused = new Set();
      const survivors = await until(() => refused.size === WORKERS, 'each to be refused').then(
        () => inside(),
        () => inside(),
      );
      stopped = true;
      await owner.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usesysid = $1', [
        rows[0]!.oid,
      ]);
      await Promise.all(workers);
      await pool.end();
      expect({ round, survivors }).toEqual({ round, survivors: 0 });
    }
  }, 300_000);

  test('is gone from Postgres when its time is over', async () => {
    const { vault, prod } = world();
    const role = `database/roles/${namesOf(prod).vault.databaseRole}`;
    await vault.send({
      method: 'POST',
      path: role,
      body: { default_ttl: SHORT_SECONDS, max_ttl: SHORT_SECONDS },
    });
    try {
      const lease = await newUser();
      const client = await session(urlOf(lease));
      const ended = new Promise<void>((resolve) => client.once('end', resolve));
      await untilGone(lease.username);
      await ended;
      await expect(session(urlOf(lease))).rejects.toThrow('password authentication failed');
    } finally {
      await world().apply(prod);
    }
  });

  test('of whom Vault has lost sight does not get in after its time either', async () => {
    const { username } = await newUser();
    const { rows } = await (
      await superuser()
    ).query<{ readonly rolvaliduntil: Date }>('SELECT rolvaliduntil FROM pg_roles WHERE rolname = $1', [
      username,
    ]);
    const hours = (rows[0]!.rolvaliduntil.getTime() - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(0.9);
    expect(hours).toBeLessThan(1.1);
  });

  test('lives on while whoever asked for it renews its lease, and an administrator ends all of them at once', async () => {
    const { vault, prod } = world();
    const token = await world().login(prod, 'dashboard');
    const leases = [await newUser(), await newUser()];
    const { leaseSeconds } = await vault.send({
      ...{
        method: 'POST',
        path: 'sys/leases/renew',
        token,
        body: { lease_id: leases[0]!.id, increment: 7200 },
      },
    });
    expect(leaseSeconds).toBe(7200);
    const admin = await world().login(prod, 'admin');
    await vault.send({ method: 'POST', path: `sys/leases/revoke-prefix/${creds()}`, body: {}, token: admin });
    for (const { username } of leases) await untilGone(username);
  });

  test('is made by a user of Postgres whose password nobody can read from Vault', async () => {
    const { vault, prod } = world();
    const path = `database/config/${namesOf(prod).vault.databaseConnection}`;
    const { data } = await vault.send({ method: 'GET', path });
    expect(JSON.stringify(data)).not.toContain('of-the-admin');
  });
});
