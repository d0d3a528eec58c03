/** Dashboards, hosts that report to them without pause, and what a fault test asks of both; gone when the suite is. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PythonRandom } from '../../benchmark/src/sampling/python-random';
import type { RunDetail } from '../../dashboard/api/run';
import { DirectoryStore } from '../../dashboard/server/receive/directory-store';
import { until } from './cloud';
import { DashboardProcess, PROGRAM, type DashboardOptions } from './dashboard-process';
import { faultsOf } from './stored';
import { Storm, type Acknowledged } from './storm';

const HOSTS = 5;
/** Events that arrive between two faults, at most. */
const BETWEEN = 60;
const MOMENT_MS = 40;

export class DashboardWorld {
  readonly random: PythonRandom;
  private readonly dir = mkdtempSync(join(tmpdir(), 'he300-dashboard-'));
  private readonly closers: (() => Promise<void>)[] = [];
  private made = 0;

  constructor(seed: number) {
    this.random = new PythonRandom(seed);
  }

  newDir = (): string => join(this.dir, String(this.made++));

  async dashboard(options: Partial<DashboardOptions> = {}): Promise<DashboardProcess> {
    const dashboard = await DashboardProcess.start({ dataDir: this.newDir(), ...options });
    this.later(() => dashboard.kill());
    return dashboard;
  }

  /** @param url where the hosts send to. @default - the dashboard's own */
  storm({ url: own, webhookKey, token }: DashboardProcess, url = own): Storm {
    const firstRun = this.made * HOSTS;
    const storm = new Storm({ dir: this.newDir(), hosts: HOSTS, url, webhookKey, token, firstRun });
    this.later(() => storm.stop());
    storm.begin();
    return storm;
  }

  /** Called at the end, the last one first. */
  later(close: () => Promise<void>): void {
    this.closers.push(close);
  }

  async end(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
    rmSync(this.dir, { recursive: true });
  }

  /** A moment when events are on their way: after some have arrived, and then a little later. */
  async inTheMiddle(storm: Storm): Promise<void> {
    const wanted = storm.acknowledgedCount + 1 + this.random.randomBelow(BETWEEN);
    await until(() => storm.acknowledgedCount >= wanted, `${wanted} events acknowledged`, 1);
    await delay(this.random.randomBelow(MOMENT_MS));
  }

  /** What of the store does not hold, looked at without the server. */
  async faults(dashboard: DashboardProcess, storm: Storm): Promise<readonly string[]> {
    return (await this.stored(dashboard, storm.acknowledged)).faults;
  }

  /** @param artifacts where the files of the runs are. @default - where the dashboard keeps them */
  async stored(
    dashboard: DashboardProcess,
    acknowledged: readonly Acknowledged[],
    artifacts = dashboard.artifacts,
  ): Promise<{ readonly events: number; readonly faults: readonly string[] }> {
    const store = dashboard.openStore();
    try {
      const { n } = await store.db
        .selectFrom('event')
        .select((e) => e.fn.countAll().as('n'))
        .executeTakeFirstOrThrow();
      const faults = await faultsOf(store, new DirectoryStore(artifacts), acknowledged);
      return { events: Number(n), faults };
    } finally {
      await store.db.destroy();
    }
  }

  /** Ends the storm in order: every run is there to its end, and its results hold. */
  async expectWhole(dashboard: DashboardProcess, storm: Storm): Promise<void> {
    await storm.finish();
    expect(storm.refused).toEqual([]);
    expect(storm.waitingCount).toBe(0);
    expect(await this.faults(dashboard, storm)).toEqual([]);
    for (const runId of storm.runIds) {
      const run = await dashboard.json<RunDetail>(`/api/runs/${runId}`);
      expect(run).toMatchObject({ runId, state: 'COMPLETED', signatureProblem: null, signature: 'verified' });
      expect(run.sampleCount).toBe(300);
    }
  }

  /** The command line of the dashboard, in a process of its own. */
  async command(dashboard: DashboardProcess, ...argv: readonly string[]): Promise<string> {
    const child = spawn(process.execPath, [PROGRAM, ...argv], {
      env: { ...process.env, ...dashboard.variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    return output;
  }
}
