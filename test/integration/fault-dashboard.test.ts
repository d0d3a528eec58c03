/** Whatever happens to the dashboard while hosts report: what it said it has is there, once, and nothing is half there. */
import { DashboardProcess } from '../support/dashboard-process';
import { DashboardWorld } from '../support/dashboard-world';
import { balancer } from '../support/balancer';
import { withPostgres } from '../support/postgres';
import { describeWithTools } from '../support/skip';

// A kill takes two seconds, where one of a deploy takes half a minute: 30 in a soak, where those are 10.
const KILLS = 3 * Number(process.env.HE300_FAULT_ROUNDS ?? 2);
const SEED = Number(process.env.HE300_FAULT_SEED ?? Date.now() % 1_000_000);

jest.setTimeout(600_000);

describe(`a dashboard on SQLite (HE300_FAULT_SEED=${SEED})`, () => {
  const world = new DashboardWorld(SEED);
  afterAll(() => world.end());

  test(`${KILLS} kills in a storm of events cost nothing that was acknowledged`, async () => {
    const dashboard = await world.dashboard();
    const storm = world.storm(dashboard);
    for (let kill = 0; kill < KILLS; kill++) {
      await world.inTheMiddle(storm);
      await dashboard.kill();
      // Looked at before a server can put anything right.
      expect(await world.faults(dashboard, storm)).toEqual([]);
      await dashboard.start();
    }
    await world.expectWhole(dashboard, storm);
  });

  test('a backup that is taken in a storm restores to a copy as of one moment', async () => {
    const dashboard = await world.dashboard();
    // This process must not have opened its file: libsql keeps one that is closed until the garbage collector comes by.
    const restored = await DashboardProcess.empty({ dataDir: world.newDir() });
    await expectBackup(world, dashboard, restored);
  });
});

describeWithTools(['postgres'], `dashboards on Postgres (HE300_FAULT_SEED=${SEED})`, ({ postgres }) => {
  const cluster = withPostgres(postgres);
  const world = new DashboardWorld(SEED);
  afterAll(() => world.end());

  test(`two on one database, of which one or the other is killed ${KILLS} times`, async () => {
    const shared = { databaseUrl: await cluster.newDatabase(), dataDir: world.newDir() };
    const first = await world.dashboard(shared);
    const second = await world.dashboard({ ...shared, webhookKey: first.webhookKey });
    const door = await balancer([first.url, second.url]);
    world.later(door.close);
    const storm = world.storm(first, door.url);
    for (let kill = 0; kill < KILLS; kill++) {
      const victim = world.random.randomBelow(2) === 0 ? first : second;
      await world.inTheMiddle(storm);
      await victim.kill();
      // The other one goes on.
      await world.inTheMiddle(storm);
      await victim.start();
    }
    await world.expectWhole(second, storm);
  });

  test('a backup that is taken in a storm restores to a copy as of one moment', async () => {
    const dashboard = await world.dashboard({ databaseUrl: await cluster.newDatabase() });
    const databaseUrl = await cluster.newDatabase();
    const restored = await DashboardProcess.prepare({ dataDir: world.newDir(), databaseUrl });
    await expectBackup(world, dashboard, restored);
  });
});

/** Of one moment: each run has its events up to some number, and the state that they make; later ones are not there. */
async function expectBackup(
  world: DashboardWorld,
  dashboard: DashboardProcess,
  restored: DashboardProcess,
): Promise<void> {
  const storm = world.storm(dashboard);
  await world.inTheMiddle(storm);
  const before = storm.acknowledged;
  const file = world.newDir();
  await world.command(dashboard, 'backup', file);
  await world.inTheMiddle(storm);
  await world.expectWhole(dashboard, storm);

  await world.command(restored, 'restore', file, '--force');
  const { events, faults } = await world.stored(restored, before, dashboard.artifacts);
  expect(faults).toEqual([]);
  expect(events).toBeGreaterThanOrEqual(before.flatMap((run) => run.events).length);
  expect(events).toBeLessThan(storm.acknowledged.flatMap((run) => run.events).length);
}
