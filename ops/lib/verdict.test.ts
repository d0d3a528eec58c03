import type { Host } from '../../constructs/lifetime/reaper/clouds/cloud';
import { judge, sweepMustEnd, type SweepFacts } from './verdict';

const NOW = new Date('2026-06-17T12:00:00Z');
const minutesAgo = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);

const host = (ageMinutes: number): Host => ({
  id: 'i-1',
  cloud: 'aws',
  region: 'us-east-1',
  instanceType: 'g5.xlarge',
  environment: 'he300-dev',
  state: 'running',
  launchedAt: minutesAgo(ageMinutes),
  timeLimitMinutes: 120,
  diskGb: 200,
  usdPerHour: undefined,
});
const all = new Set(['i-1']);
const none = new Set<string>();
const LOCK = { id: 'c7d8', who: 'me@here', operation: 'OperationTypeApply', created: minutesAgo(5) };
const facts = (change: Partial<SweepFacts> = {}): SweepFacts => ({
  now: NOW,
  stateIds: all,
  guardedIds: all,
  lock: undefined,
  ended: false,
  graceMinutes: 10,
  deploy: { kind: 'none', reason: '' },
  killedDeploySince: undefined,
  ...change,
});
const RUNNING = { deploy: { kind: 'running', reason: 'runner@ci holds the lock' } } as const;
const STALE = { deploy: { kind: 'stale', reason: '' }, lock: LOCK, killedDeploySince: LOCK.created } as const;

test.each<[string, number, Partial<SweepFacts>, string]>([
  ['a host of a killed deploy that the state does not know', 4, { ...STALE, stateIds: none }, 'unfinished'],
  ['a host of a killed deploy, even in the state and guarded', 4, STALE, 'unfinished'],
  ['a host of a killed deploy whose clock was ahead of the cloud', 14, STALE, 'unfinished'],
  [
    'a host of a killed deploy that was stopped and gave its lock back',
    4,
    { killedDeploySince: LOCK.created },
    'unfinished',
  ],
  ['a host in the state without its guard', 30, { guardedIds: none }, 'unfinished'],
  [
    'a host without guard when the deploy was killed after it had run for long',
    60,
    { ...STALE, guardedIds: none },
    'unfinished',
  ],
  ['an expired host of a killed deploy', 121, STALE, 'expired'],
  ['a host whose run ended while somebody deploys', 4, { ...RUNNING, ended: true }, 'ended'],
])('%s is ended', (_title, age, change, verdict) => {
  const judgement = judge(host(age), facts(change));
  expect(judgement.verdict).toBe(verdict);
  expect(sweepMustEnd(judgement)).toBe(true);
});

test.each<[string, number, Partial<SweepFacts>, string]>([
  ['a guarded host in the state', 30, {}, 'live'],
  ['a run that was going long before a deploy that changed nothing was killed', 60, STALE, 'live'],
  ['a host whose guard is being made', 1, { ...RUNNING, guardedIds: none }, 'deploying'],
  ['a host that the state is about to name', 1, { ...RUNNING, lock: LOCK, stateIds: none }, 'deploying'],
  ['a host when the state cannot be read', 30, { stateIds: undefined, guardedIds: undefined }, 'live'],
])('%s is left alone', (_title, age, change, verdict) => {
  const judgement = judge(host(age), facts(change));
  expect(judgement.verdict).toBe(verdict);
  expect(sweepMustEnd(judgement)).toBe(false);
});
