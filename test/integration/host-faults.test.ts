/** Whatever happens to a host: it ends, the dashboard's record is true, and no sample is lost or doubled. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { modelDouble, type ModelDouble } from '../../benchmark/src/engines/model-double';
import type { HostConfig } from '../../benchmark/src/contract/host-config';
import type { RunEvent } from '../../benchmark/src/contract/event';
import { claimsOf } from '../../benchmark/src/host/continuity/claims';
import { leftBy } from '../../benchmark/src/host/continuity/restore';
import { verify } from '../../benchmark/src/run/verify';
import { PythonRandom } from '../../benchmark/src/sampling/python-random';
import { buildRunnerBundle } from '../../ops/lib/bundle';
import { until } from '../support/cloud';
import { withEmulator } from '../support/emulator';
import { gate, type Gate } from '../support/gate';
import { call } from '../support/he300';
import { HostProcess, type HostProcessOptions } from '../support/host-process';
import { HostWorld, REGION, type Instance } from '../support/host-world';
import type { ReceivedRun, ReceiverDouble } from '../support/receiver.double';
import { describeWithTools, skipped } from '../support/skip';
import { fill, mountSmallDisk, smallDiskMissing, unmount } from '../support/small-disk';

jest.setTimeout(120_000);

const SCENARIOS = 60;
/** Long enough for something to happen in the middle of a run: 60 answers, 4 at a time. */
const ANSWER_MS = 80;

const SEED = Number(process.env.HE300_FAULT_SEED ?? Date.now() % 1_000_000);

describeWithTools(['moto'], `a host (HE300_FAULT_SEED=${SEED})`, () => {
  const emulator = withEmulator();
  let dir: string;
  let bundle: string;
  let world: HostWorld;
  let model: ModelDouble;
  let server: Gate;
  const hosts: HostProcess[] = [];
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'he300-host-'));
    bundle = buildRunnerBundle(join(dir, 'he300.mjs')).path;
    world = await HostWorld.make(emulator);
    model = await modelDouble({ slots: 4, answerMs: ANSWER_MS });
    server = await gate(model.url);
  });
  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.lose();
  });
  afterAll(async () => {
    await world.end();
    await server.close();
    await model.close();
    unmount(join(dir, 'small-disk'));
    rmSync(dir, { recursive: true });
  });

  const random = new PythonRandom(SEED);
  let disks = 0;
  function start(
    instance: Instance,
    dashboard: ReceiverDouble | null,
    {
      config = {},
      models,
      env = {},
      ...more
    }: Partial<Omit<HostProcessOptions, 'config'>> & {
      readonly config?: Partial<HostConfig>;
      readonly models?: readonly string[];
    } = {},
  ): HostProcess {
    const host = new HostProcess({
      ...{ bundle, dir: join(dir, `disk-${disks++}`), instance },
      config: world.config({ dashboardUrl: dashboard?.url ?? null, ...config }, models),
      env: { ...world.env(instance), HE300_MODEL_SERVER_URL: server.url, ...env },
      ...more,
    });
    hosts.push(host);
    return host;
  }

  const runIdOf = ({ id }: Instance): string => `test-${id}`;
  const typesOf = ({ events }: Pick<ReceivedRun, 'events'>): string[] => events.map(({ type }) => type);
  const lastOf = <T extends RunEvent['type']>({ events }: ReceivedRun): Extract<RunEvent, { type: T }> =>
    events.at(-1) as Extract<RunEvent, { type: T }>;

  const scoring = (host: HostProcess, runId: string, samples = 8): Promise<void> =>
    until(() => host.samples(runId) >= samples, `${samples} samples of ${runId}`);

  /** It is switched off, its instance is terminated, and it said so where the reaper looks. */
  async function expectEnded(host: HostProcess, instance: Instance): Promise<void> {
    expect(await host.ended).toBe(0);
    expect(host.systemctl.at(-1)).toBe('--no-block poweroff');
    expect(await world.stateOf(instance)).toBe('terminated');
    expect(await world.store.get(`runs/${runIdOf(instance)}/ended.json`)).toBeDefined();
  }

  /** What a person does when the dashboard is back. */
  async function deliver(runId: string, dashboard: ReceiverDouble): Promise<string> {
    const where = ['--bucket', world.bucket, '--region', REGION, '--dashboard', dashboard.url];
    const { code, stdout, stderr } = await call({
      ...{ argv: ['deliver', runId, ...where], program: bundle },
      env: { ...emulator.env, HE300_WEBHOOK_KEY: world.secrets.webhookKey },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  }

  /** A model server that would take a minute for the whole run. */
  async function slowModel(): Promise<string> {
    const slow = await modelDouble({ slots: 4, answerMs: 1_000 });
    world.later(slow.close);
    return slow.url.origin;
  }

  /** Everything that a run leaves when nothing is left to do, here and at the dashboard. */
  async function expectComplete(host: HostProcess, dashboard: ReceiverDouble, runId: string): Promise<void> {
    const { results, samples, publicKey } = verify(host.runDirectory(runId));
    expect(results.partial).toBeNull();
    const scored = samples!.filter(({ pass }) => pass === 'scored').map(({ index }) => index);
    expect(scored.sort((a, b) => a - b)).toEqual([...Array(SCENARIOS).keys()]);
    const run = dashboard.runs.get(runId)!;
    expect(dashboard.violations).toEqual([]);
    expect(run).toMatchObject({ state: 'COMPLETED', publicKey });
    expect(typesOf(run).filter((type) => type === 'run.completed')).toHaveLength(1);
    const artifact = run.artifacts.get('results.json')!;
    expect(lastOf<'run.completed'>(run).resultsSha256).toBe(artifact.sha256);
    for (const name of ['results.json', 'samples.jsonl', 'prompts.jsonl', 'report.html']) {
      const body = readFileSync(join(host.runDirectory(runId), name));
      expect(run.artifacts.get(name)!.body.equals(body)).toBe(true);
      expect((await world.store.get(`runs/${runId}/artifacts/${name}`))!.equals(body)).toBe(true);
    }
  }

  test('to which nothing happens runs, reports and is gone, and no secret is anywhere', async () => {
    const [instance, dashboard] = [await world.instance(), await world.dashboard()];
    const host = start(instance, dashboard);
    await expectEnded(host, instance);
    const runId = runIdOf(instance);
    await expectComplete(host, dashboard, runId);

    const run = dashboard.runs.get(runId)!;
    // A slow machine has shown that it lives before.
    const started = run.events.find((event) => event.type === 'run.started')!;
    expect(started).toMatchObject({
      resumed: false,
      environment: 'test',
      price: { usdPerHour: 1.2, capUsd: 4 },
    });
    expect(started.host).toMatchObject({
      kind: 'aws',
      id: instance.id,
      instanceType: 'g5.xlarge',
      market: 'on-demand',
    });
    expect(typesOf(run).slice(1, -1)).toContain('run.progress');
    expect([
      ...new Set(host.lines.filter(({ message }) => message === 'phase is done').map(({ phase }) => phase)),
    ]).toEqual([
      ...['arm', 'identity', 'secrets', 'tunnel', 'model-server', 'preflight', 'run', 'report'],
      'off',
    ]);

    const everything = [
      host.journal,
      readFileSync(join(host.state, 'host.log.jsonl'), 'utf8'),
      await world.kept(runId),
      JSON.stringify(run.events),
      ...[...run.artifacts.values()].map(({ body }) => body.toString('latin1')),
    ].join('\n');
    expect(everything.length).toBeGreaterThan(100_000);
    expect(world.secretsIn(everything)).toEqual([]);
    const pem = readFileSync(join(host.state, 'keys', `${runId}.pem`), 'utf8').split('\n')[1]!;
    expect(everything).not.toContain(pem);
  });

  test('whose dashboard is gone for the whole run leaves its events, which arrive later, once', async () => {
    const [instance, dashboard] = [await world.instance(), await world.dashboard()];
    await dashboard.goAway();
    const host = start(instance, dashboard);
    await expectEnded(host, instance);
    expect(dashboard.deliveries).toEqual([]);
    const runId = runIdOf(instance);

    await dashboard.back();
    expect(await deliver(runId, dashboard)).toMatch(/^test-i-[0-9a-f]+: [3-9] events delivered\n$/);
    expect(await deliver(runId, dashboard)).toMatch(/^test-i-[0-9a-f]+: 0 events delivered\n$/);
    expect(dashboard.violations).toEqual([]);
    const run = dashboard.runs.get(runId)!;
    expect(run.state).toBe('COMPLETED');
    expect(typesOf(run).filter((type) => type === 'run.started')).toHaveLength(1);
    expect(typesOf(run).at(-1)).toBe('run.completed');
    expect(await world.store.get(`runs/${runId}/artifacts/results.json`)).toBeDefined();
  });

  test('whose model server crashes starts it again, and the run goes on', async () => {
    const [instance, dashboard] = [await world.instance(), await world.dashboard()];
    const host = start(instance, dashboard);
    const runId = runIdOf(instance);
    await scoring(host, runId);
    await server.close();
    await until(() => host.systemctl.includes('restart vllm.service'), 'the restart');
    await server.open();
    await expectEnded(host, instance);
    await expectComplete(host, dashboard, runId);
  });

  const noSmallDisk = smallDiskMissing();
  if (noSmallDisk !== undefined) skipped('whose disk is full', noSmallDisk);
  else
    test('whose disk is full in the middle of the run fails, and says so', async () => {
      const [instance, dashboard] = [await world.instance(), await world.dashboard()];
      const state = join(dir, 'small-disk');
      mountSmallDisk(state, 80);
      const host = start(instance, dashboard, { state });
      const runId = runIdOf(instance);
      await scoring(host, runId);
      fill(state);
      await expectEnded(host, instance);
      const run = dashboard.runs.get(runId)!;
      expect(dashboard.violations).toEqual([]);
      expect(run.state).toBe('FAILED');
      expect(lastOf<'run.failed'>(run)).toMatchObject({ phase: 'run', interrupted: false });
      expect(lastOf<'run.failed'>(run).cause).toMatch(/ENOSPC|no space left/);
      expect(lastOf<'run.failed'>(run).scored).toBeGreaterThan(0);
      // What there was is in the bucket, line by line.
      const kept = await leftBy(world.store, runId, await claimsOf(world.store, runId));
      expect(kept.get('samples.jsonl')!.toString().split('\n').length).toBeGreaterThan(8);
    });

  test('that is lost in the middle of the run is continued by another one, on an empty disk', async () => {
    const [first, second, dashboard] = [
      await world.instance(),
      await world.instance(),
      await world.dashboard(),
    ];
    const runId = runIdOf(first);
    // Slow enough not to be over before it is lost.
    const lost = start(first, dashboard, { env: { HE300_MODEL_SERVER_URL: await slowModel() } });
    const segments = () => world.store.list(`runs/${runId}/segments/samples.jsonl/`);
    await until(async () => (await segments()).length >= 3, 'segments of the log in the bucket');
    await until(() => dashboard.runs.get(runId)?.state === 'RUNNING', 'the dashboard to know the run');
    const asked = model.asked.length;
    await lost.lose();
    // As the dashboard does when it has heard nothing for long enough.
    dashboard.runs.get(runId)!.state = 'LOST';

    const host = start(second, dashboard, { config: { resumeRunId: runId } });
    await expectEnded(host, second);
    await expectComplete(host, dashboard, runId);
    const run = dashboard.runs.get(runId)!;
    const starts = run.events.filter((event) => event.type === 'run.started');
    expect(starts.map(({ resumed }) => resumed)).toEqual([false, true]);
    expect(new Set(starts.map(({ publicKey }) => publicKey)).size).toBe(2);
    // What was in the bucket was not asked again.
    expect(model.asked.length - asked).toBeLessThan(SCENARIOS);
    expect(await world.stateOf(first)).toBe('running');
  });

  test('whose time is over in the middle of the run leaves a run that another one can continue', async () => {
    const [first, second, dashboard] = [
      await world.instance(),
      await world.instance(),
      await world.dashboard(),
    ];
    const runId = runIdOf(first);
    const stopAt = new Date(Date.now() + 4_000);
    const slow = await slowModel();
    const late = start(first, dashboard, { stopAt, env: { HE300_MODEL_SERVER_URL: slow } });
    await expectEnded(late, first);
    const run = dashboard.runs.get(runId)!;
    expect(run.state).toBe('FAILED');
    expect(lastOf<'run.failed'>(run)).toMatchObject({
      ...{ phase: 'run', interrupted: true, cause: 'the host’s time is over' },
    });
    expect([...run.artifacts.keys()]).toEqual(
      expect.arrayContaining([
        ...['results.json', 'samples.jsonl', 'prompts.jsonl'].map((name) => `partial-0-${name}`),
        'host-0.log.jsonl.gz',
      ]),
    );

    const host = start(second, dashboard, { config: { resumeRunId: runId } });
    await expectEnded(host, second);
    await expectComplete(host, dashboard, runId);
  });

  test('that the cloud takes back stops at the notice', async () => {
    const [instance, dashboard] = [await world.instance(), await world.dashboard()];
    const slow = await slowModel();
    const host = start(instance, dashboard, { env: { HE300_MODEL_SERVER_URL: slow } });
    const runId = runIdOf(instance);
    await scoring(host, runId, 2);
    instance.imds.interrupt();
    await expectEnded(host, instance);
    const run = dashboard.runs.get(runId)!;
    expect(lastOf<'run.failed'>(run)).toMatchObject({
      ...{ interrupted: true, cause: 'the cloud takes the host back' },
    });
    expect(dashboard.violations).toEqual([]);
  });

  test('that is told to stop stops in order', async () => {
    const [instance, dashboard] = [await world.instance(), await world.dashboard()];
    const slow = await slowModel();
    const host = start(instance, dashboard, { env: { HE300_MODEL_SERVER_URL: slow } });
    const runId = runIdOf(instance);
    await scoring(host, runId, 2);
    host.tellToStop();
    await expectEnded(host, instance);
    expect(lastOf<'run.failed'>(dashboard.runs.get(runId)!)).toMatchObject({
      ...{ phase: 'run', interrupted: true, cause: 'the host was told to stop' },
    });
  });

  test('whose secrets are not there ends with a clear word, which arrives when somebody delivers it', async () => {
    const [instance, dashboard] = [await world.instance(), await world.dashboard()];
    const host = start(instance, dashboard, {
      config: { secrets: { kind: 'ssm', parameterPath: '/he300/nobody/host' } },
    });
    await expectEnded(host, instance);
    expect(dashboard.deliveries).toEqual([]);
    const runId = runIdOf(instance);
    expect(await deliver(runId, dashboard)).toBe(`${runId}: 1 events delivered\n`);
    expect(lastOf<'run.failed'>(dashboard.runs.get(runId)!)).toMatchObject({
      ...{ phase: 'secrets', interrupted: false },
      cause:
        'secrets: no webhook-key at /he300/nobody/host/webhook-key; the dashboard takes no event without it',
    });
    expect(dashboard.violations).toEqual([]);
  });

  test('whose bucket is gone for a while catches up', async () => {
    const [instance, dashboard] = [await world.instance(), await world.dashboard()];
    const cloud = await gate(new URL(emulator.endpoint));
    world.later(cloud.close);
    const host = start(instance, dashboard, { env: world.env(instance, cloud.url) });
    const runId = runIdOf(instance);
    await scoring(host, runId, 2);
    await cloud.close();
    await until(
      () => host.journal.includes('the bucket does not take the run'),
      'the host to miss the bucket',
    );
    await cloud.open();
    await expectEnded(host, instance);
    await expectComplete(host, dashboard, runId);
  });

  test('that is kept is there after its run, and still ends with its time', async () => {
    const [instance, dashboard] = [await world.instance(), await world.dashboard()];
    const host = start(instance, dashboard, { argv: ['--keep'], stopAt: new Date(Date.now() + 8_000) });
    await until(() => host.journal.includes('the host is kept until its limit'), 'the end of the run');
    expect(dashboard.runs.get(runIdOf(instance))!.state).toBe('COMPLETED');
    expect(await world.stateOf(instance)).toBe('running');
    expect(await world.store.get(`runs/${runIdOf(instance)}/ended.json`)).toBeUndefined();
    await expectEnded(host, instance);
    await expectComplete(host, dashboard, runIdOf(instance));
  });

  test('with two models has a run of each, and one that fails does not take the other with it', async () => {
    const [instance, dashboard] = [await world.instance(), await world.dashboard()];
    const host = start(instance, dashboard, { models: ['nobody', 'double'] });
    await expectEnded(host, instance);
    const [first, second] = [runIdOf(instance), `${runIdOf(instance)}_2`];
    expect(lastOf<'run.failed'>(dashboard.runs.get(first)!)).toMatchObject({
      ...{ phase: 'model-server', cause: 'model: nobody; allowed: double', interrupted: false, scored: 0 },
    });
    await expectComplete(host, dashboard, second);
  });

  const KILLS = Number(process.env.HE300_FAULT_ROUNDS ?? 2);

  test(`killed ${KILLS} times at any moment and started again on its disk completes its run`, async () => {
    const [instance, dashboard] = [await world.instance(), await world.dashboard()];
    const home = join(dir, `disk-${disks++}`);
    const runId = runIdOf(instance);
    for (let kills = 0; kills < KILLS; kills++) {
      const host = start(instance, dashboard, { dir: home });
      const until_ = random.randomBelow(4_000);
      if ((await Promise.race([host.ended, delay(until_, 'alive')])) !== 'alive') break;
      await host.lose();
    }
    const host = start(instance, dashboard, { dir: home });
    await expectEnded(host, instance);
    await expectComplete(host, dashboard, runId);
    const seqs = dashboard.runs.get(runId)!.events.map(({ seq }) => seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    expect(typesOf(dashboard.runs.get(runId)!).filter((type) => type === 'run.started')).toHaveLength(1);
  });
});
