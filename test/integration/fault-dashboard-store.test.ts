/** A store that does not take what it is given: the dashboard says "not now", and takes it when it can. */
import LibsqlDatabase from 'libsql';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../../benchmark/src/host/log/secret';
import { ServerClock } from '../../benchmark/src/host/report/server-clock';
import { deliver } from '../../benchmark/src/host/report/webhook';
import { SQLITE_FILE } from '../../dashboard/server/config';
import { DashboardWorld } from '../support/dashboard-world';
import { until } from '../support/cloud';
import { skipped } from '../support/skip';
import { fill, mountSmallDisk, smallDiskMissing, unmount } from '../support/small-disk';
import { letterOf, send } from '../support/letters';
import { generateRun } from '../../dashboard/bench/generated-run';

jest.setTimeout(120_000);

/** What a sender takes for "again, later". */
const NOT_NOW = {
  status: 503,
  retryAfter: expect.stringMatching(/^\d+$/),
  text: expect.stringMatching(/^\{"error":"[^"\n]+"\}$/),
};

const world = new DashboardWorld(1);
afterAll(() => world.end());

test('a SQLite file that another process has locked: senders wait or are told to come back, and nothing is lost', async () => {
  const dashboard = await world.dashboard();
  const storm = world.storm(dashboard);
  await world.inTheMiddle(storm);
  const other = new LibsqlDatabase(join(dashboard.dataDir, SQLITE_FILE), { timeout: 30_000 });
  other.exec('begin exclusive');
  const letter = letterOf(generateRun(999, { environment: 'test' }), 0);
  expect(await send(dashboard, letter)).toEqual(NOT_NOW);
  other.exec('rollback');
  other.close();
  expect((await send(dashboard, letter)).status).toBeLessThan(300);
  await world.inTheMiddle(storm);
  await world.expectWhole(dashboard, storm);
});

const noSmallDisk = smallDiskMissing();
if (noSmallDisk !== undefined) skipped('a full disk', noSmallDisk);
else
  test('a full disk: every sender is told so, nothing is half-written, and it goes on when there is room', async () => {
    const dataDir = world.newDir();
    mountSmallDisk(dataDir, 64);
    world.later(async () => unmount(dataDir));
    const dashboard = await world.dashboard({ dataDir });
    const storm = world.storm(dashboard);
    await world.inTheMiddle(storm);
    fill(dataDir);
    const run = generateRun(999, { environment: 'test' });
    // What is left of a page or of the log may still take some.
    await until(
      async () => (await send(dashboard, letterOf(run, 0))).status >= 500,
      'the disk to be full',
      1,
    );
    expect(await send(dashboard, letterOf(run, 0))).toEqual(NOT_NOW);
    expect((await dashboard.get('/healthz')).status).toBe(200);
    // What could not be written whole is not there.
    await until(
      () => readdirSync(join(dashboard.artifacts, 'incoming')).length <= 5,
      'no more than is on its way',
    );
    expect(await world.faults(dashboard, storm)).toEqual([]);
    rmSync(join(dataDir, 'filler'));
    await world.inTheMiddle(storm);
    await world.expectWhole(dashboard, storm);
    expect(readdirSync(join(dashboard.artifacts, 'incoming'))).toEqual([]);
  });

test.each([600, -600])('a host whose clock is %i s ahead finds out, and is heard', async (seconds) => {
  const dashboard = await world.dashboard();
  const run = generateRun(7, { environment: 'test' });
  const { now } = Date;
  const turned = jest.spyOn(Date, 'now').mockImplementation(() => now() + seconds * 1000);
  try {
    const skews: number[] = [];
    // It keeps the clock that it finds.
    const clock = new ServerClock((skew) => skews.push(skew));
    const to = { url: dashboard.url, key: new Secret(dashboard.webhookKey), clock };
    expect(await deliver(letterOf(run, 0), to)).toMatchObject({
      ...{ kind: 'unauthorized', why: expect.stringContaining('HTTP 401') },
    });
    expect(skews).toEqual([expect.any(Number)]);
    expect(Math.abs(skews[0]! + seconds)).toBeLessThanOrEqual(2);
    expect(await deliver(letterOf(run, 0), to)).toEqual({ kind: 'arrived' });
  } finally {
    turned.mockRestore();
  }
  expect(await dashboard.json(`/api/runs/${run.runId}`)).toMatchObject({ state: 'RUNNING' });
});
