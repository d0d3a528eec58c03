/** The whole life of a host that reports to the real dashboard: what people see afterwards is what the host has found out. */
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelDouble, type ModelDouble } from '../../benchmark/src/engines/model-double';
import { verify } from '../../benchmark/src/run/verify';
import type { RunDetail, RunEventPage, RunPage } from '../../dashboard/api/run';
import type { SamplePage } from '../../dashboard/api/sample';
import { buildRunnerBundle } from '../../ops/lib/bundle';
import { until } from '../support/cloud';
import { DashboardProcess } from '../support/dashboard-process';
import { withEmulator } from '../support/emulator';
import { HostProcess } from '../support/host-process';
import { HostWorld } from '../support/host-world';
import { describeWithTools } from '../support/skip';

jest.setTimeout(180_000);

const SCENARIOS = 60;
const FILES = ['results.json', 'samples.jsonl', 'prompts.jsonl', 'report.html', 'telemetry.jsonl'];

describeWithTools(['moto'], 'a host that reports to the real dashboard', () => {
  const emulator = withEmulator();
  let dir: string;
  let bundle: string;
  let world: HostWorld;
  let model: ModelDouble;
  let dashboard: DashboardProcess;
  const hosts: HostProcess[] = [];
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'he300-dashboard-host-'));
    bundle = buildRunnerBundle(join(dir, 'he300.mjs')).path;
    world = await HostWorld.make(emulator);
    model = await modelDouble({ slots: 4, answerMs: 80 });
    const { webhookKey, dashboardToken } = world.secrets;
    dashboard = await DashboardProcess.start({
      ...{ dataDir: join(dir, 'dashboard'), webhookKey, runnerToken: dashboardToken },
    });
  });
  afterAll(async () => {
    for (const host of hosts) await host.lose();
    await dashboard.stop();
    await world.end();
    await model.close();
    rmSync(dir, { recursive: true });
  });

  async function host(): Promise<{ readonly host: HostProcess; readonly runId: string }> {
    const instance = await world.instance();
    const host = new HostProcess({
      ...{ bundle, dir: join(dir, instance.id), instance },
      config: world.config({ dashboardUrl: dashboard.url }),
      // A dashboard that is started anew on a busy machine takes longer than the usual patience of a test.
      argv: ['--report-patience', '60'],
      env: { ...world.env(instance), HE300_MODEL_SERVER_URL: model.url.origin },
    });
    hosts.push(host);
    return { host, runId: `test-${instance.id}` };
  }

  const detail = (runId: string): Promise<RunDetail> => dashboard.json<RunDetail>(`/api/runs/${runId}`);

  async function expectShown(host: HostProcess, runId: string): Promise<void> {
    const directory = host.runDirectory(runId);
    const { results, samples, publicKey } = verify(directory);
    const run = await detail(runId);
    expect(run).toMatchObject({
      ...{ runId, state: 'COMPLETED', environment: 'test', model: 'double', spec: 'starter', publicKey },
      ...{ signature: 'verified', signatureProblem: null, sampleCount: SCENARIOS },
      outcome: { scenarios: SCENARIOS, correct: results.score.overall.correct },
      ...{ results, failure: null, costUsd: results.cost.spentUsd },
    });
    for (const name of FILES) {
      const answer = await dashboard.get(`/api/runs/${runId}/artifacts/${name}`);
      const body = Buffer.from(await answer.arrayBuffer());
      expect(`${name} ${body.equals(readFileSync(join(directory, name)))}`).toBe(`${name} true`);
    }
    const page = await dashboard.json<SamplePage>(`/api/runs/${runId}/samples?limit=200`);
    expect(page.total).toBe(SCENARIOS);
    const scored = samples!.filter(({ pass }) => pass === 'scored').sort((a, b) => a.index - b.index);
    expect(page.items).toEqual(
      scored.map(({ schema: _, ...sample }) => ({ ...sample, prompt: expect.any(Array) })),
    );
    for (const { prompt } of page.items) expect(prompt!.at(-1)!.content.length).toBeGreaterThan(20);
    const events = await dashboard.json<RunEventPage>(`/api/runs/${runId}/events?limit=200`);
    expect(events.items.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual([...events.items.keys()]);
  }

  test('is seen while it runs, and its result is there, verified, with all that was asked and answered', async () => {
    const { host: living, runId } = await host();
    await until(async () => {
      const { items } = await dashboard.json<RunPage>('/api/runs?state=RUNNING');
      return items.some((run) => run.runId === runId && (run.progress?.done ?? 0) > 0);
    }, 'the run to be seen with its progress');
    expect(await living.ended).toBe(0);
    await expectShown(living, runId);
  });

  test('whose dashboard is killed and started again in the middle has lost nothing', async () => {
    const { host: living, runId } = await host();
    await until(() => living.samples(runId) >= 8, 'samples');
    await dashboard.kill();
    await until(() => living.samples(runId) >= 30, 'more samples');
    await dashboard.start();
    expect(await living.ended).toBe(0);
    await expectShown(living, runId);
  });
});
