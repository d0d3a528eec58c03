import { reap } from './reap';
import type { Cloud, Host } from './clouds/cloud';
import type { DeployState, FactSources } from './facts';

const NOW = new Date('2026-06-17T12:00:00Z');

const host = (id: string, ageMinutes: number, change: Partial<Host> = {}): Host => ({
  id,
  cloud: 'aws',
  region: 'us-east-1',
  instanceType: 'g5.xlarge',
  environment: 'he300-dev',
  state: 'running',
  launchedAt: new Date(NOW.getTime() - ageMinutes * 60_000),
  timeLimitMinutes: 60,
  diskGb: 200,
  usdPerHour: undefined,
  ...change,
});

class FakeCloud implements Cloud {
  readonly ended: string[] = [];
  constructor(
    readonly name: string,
    private readonly list: readonly Host[] | Error,
    private readonly refuses: readonly string[] = [],
  ) {}
  async hosts() {
    if (this.list instanceof Error) throw this.list;
    return this.list;
  }
  async terminate(id: string) {
    if (this.refuses.includes(id)) throw new Error('not allowed');
    this.ended.push(id);
  }
}

const stateWith = (...ids: string[]): DeployState => ({
  hostIds: new Set(ids),
  guardedIds: new Set(),
  managed: new Set(),
  lock: undefined,
});
const facts = (change: Partial<FactSources> = {}): FactSources => ({
  deployState: async () => stateWith('live', 'old', 'done'),
  ended: async (id) => id === 'done',
  ...change,
});
const run = (clouds: readonly Cloud[], sources = facts(), log: (entry: object) => void = () => undefined) =>
  reap({ clouds, facts: sources, now: NOW, log });

const four = [host('live', 5), host('old', 61), host('done', 5), host('lost', 5)];

describe('one failure does not keep the rest from being done', () => {
  test('a cloud that does not answer leaves the other to be swept', async () => {
    const east = new FakeCloud('aws us-east-1', new Error('no route'));
    const west = new FakeCloud('aws us-west-2', [host('old', 61)]);
    const report = await run([east, west]);
    expect(west.ended).toEqual(['old']);
    expect(report.errors).toEqual(['aws us-east-1: no route']);
  });

  test('without the state nothing is called an orphan, but what is past its limit goes', async () => {
    const cloud = new FakeCloud('aws us-east-1', four);
    const report = await run(
      [cloud],
      facts({ deployState: () => Promise.reject(new Error('half written')) }),
    );
    expect(cloud.ended.sort()).toEqual(['done', 'old']);
    expect(report.left.map((entry) => entry.id)).toEqual(['live', 'lost']);
    expect(report.errors).toEqual(['state: half written']);
  });

  test('an end marker that cannot be read counts as none', async () => {
    const cloud = new FakeCloud('aws us-east-1', [host('done', 5), host('old', 61)]);
    const report = await run([cloud], facts({ ended: () => Promise.reject(new Error('denied')) }));
    expect(cloud.ended).toEqual(['old']);
    expect(report.errors).toEqual(['end marker of done: denied', 'end marker of old: denied']);
  });

  test('a host that cannot be ended is reported as left', async () => {
    const cloud = new FakeCloud('aws us-east-1', [host('old', 61), host('done', 5)], ['old']);
    const report = await run([cloud]);
    expect(cloud.ended).toEqual(['done']);
    expect(report.left).toMatchObject([{ id: 'old', verdict: 'expired' }]);
    expect(report.errors).toEqual(['terminate old: not allowed']);
  });
});

test('expired, ended and orphaned hosts are ended, and the live one is left', async () => {
  const cloud = new FakeCloud('aws us-east-1', four);
  const report = await run([cloud]);
  expect(report.checked).toBe(4);
  expect(Object.fromEntries(report.terminated.map(({ id, verdict }) => [id, verdict]))).toEqual({
    old: 'expired',
    done: 'ended',
    lost: 'orphan',
  });
  expect(report.left).toMatchObject([{ id: 'live', verdict: 'live' }]);
  expect(report.errors).toEqual([]);
});

test('the state is read after the hosts: a deploy that ends in between has written its host by then', async () => {
  const written = new Set<string>();
  const cloud = new FakeCloud('aws us-east-1', []);
  cloud.hosts = async () => {
    queueMicrotask(() => written.add('new'));
    return [host('new', 0)];
  };
  const report = await run([cloud], facts({ deployState: async () => stateWith(...written) }));
  expect(report.left).toMatchObject([{ id: 'new', verdict: 'live' }]);
});

test('each ended host and each error is one log entry', async () => {
  const entries: object[] = [];
  const cloud = new FakeCloud('aws us-east-1', [host('old', 61), host('stuck', 61)], ['stuck']);
  await run([cloud], facts(), (entry) => entries.push(entry));
  expect(entries).toHaveLength(2);
  expect(entries).toContainEqual({
    event: 'terminated',
    id: 'old',
    cloud: 'aws us-east-1',
    verdict: 'expired',
    reason: 'past its limit of 60 min',
  });
  expect(entries).toContainEqual({ event: 'error', message: 'terminate stuck: not allowed' });
});
