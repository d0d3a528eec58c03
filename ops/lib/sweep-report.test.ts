import type { SweptEnvironment, SweptHost } from './sweep-environment';
import { deployLine, errorLines, hostTable, leftoverLines, totals, totalsLine } from './sweep-report';

const host = (change: Partial<SweptHost> = {}): SweptHost => ({
  id: 'i-0123',
  cloud: 'aws',
  region: 'us-east-1',
  instanceType: 'g5.xlarge',
  environment: 'he300-dev',
  state: 'running',
  launchedAt: new Date(0),
  timeLimitMinutes: 120,
  diskGb: 200,
  usdPerHour: undefined,
  verdict: 'live',
  reason: 'in the state and within its limit',
  mustEnd: false,
  terminated: false,
  ageMinutes: 65.9,
  costUsd: 1.2345,
  ...change,
});
const LOCK = { id: 'c7d8', who: 'me@here', operation: 'OperationTypeApply', created: new Date(0) };
const environment = (change: Partial<SweptEnvironment> = {}): SweptEnvironment => ({
  name: 'dev',
  hosts: [],
  deploy: { kind: 'none', reason: '' },
  lockRemoved: false,
  leftovers: [],
  errors: [],
  ...change,
});

test('each host is a row: whose, where, what it is, for how long, at what cost, and why', () => {
  const orphan = host({
    id: 'i-4',
    verdict: 'orphan',
    mustEnd: true,
    reason: 'not in the state',
    ageMinutes: undefined,
    costUsd: undefined,
  });
  const ended = host({
    id: 'i-5',
    verdict: 'ended',
    mustEnd: true,
    terminated: true,
    reason: 'its run has ended',
    ageMinutes: 5,
  });
  expect(
    hostTable([environment({ hosts: [host()] }), environment({ name: 'staging', hosts: [orphan, ended] })]),
  ).toEqual([
    'environment  id      region     type       verdict            age    cost so far  reason',
    'dev          i-0123  us-east-1  g5.xlarge  live               1h05m  $1.23        in the state and within its limit',
    'staging      i-4     us-east-1  g5.xlarge  orphan             ?      ?            not in the state',
    'staging      i-5     us-east-1  g5.xlarge  ended, terminated  5m     $1.23        its run has ended',
  ]);
});

test('no hosts, no table', () => expect(hostTable([environment()])).toEqual([]));

test('totals tell what is still to do apart from what was done', () => {
  const hosts = [
    host(),
    host({ mustEnd: true, costUsd: undefined }),
    host({ mustEnd: true, terminated: true }),
  ];
  const sum = totals([environment({ hosts })]);
  expect(sum).toEqual({
    hosts: 3,
    terminated: 1,
    toTerminate: 1,
    killedDeploys: 0,
    leftovers: 0,
    costUsd: 2.469,
  });
  expect(totalsLine(sum)).toBe('3 hosts, at most $2.47 so far, 1 terminated, 1 to terminate');
  expect(totalsLine(totals([environment({ hosts: [host()] })]))).toBe('1 host, at most $1.23 so far');
  expect(totalsLine(totals([]))).toBe('no hosts');
});

test('a killed deploy is something to do until its lock is removed; a deploy in progress is not', () => {
  const stale = environment({ deploy: { kind: 'stale', reason: 'nobody is at work', leftLock: LOCK } });
  const orphaned = environment({ deploy: { kind: 'orphaned', reason: 'process 7 is still there' } });
  const running = environment({ deploy: { kind: 'running', reason: 'runner@ci holds the lock' } });
  const cleared = { ...stale, lockRemoved: true };
  expect(totals([stale, orphaned, running, cleared]).killedDeploys).toBe(2);
  expect([stale, orphaned, running, cleared, environment()].flatMap(deployLine)).toEqual([
    'dev: stale lock: nobody is at work',
    'dev: process 7 is still there',
    'dev: runner@ci holds the lock',
    'dev: removed the stale lock of me@here',
  ]);
});

test('what a killed deploy left is something to do until it is removed', () => {
  const left = environment({
    leftovers: [
      { what: 'role he300-dev-gpu-host', removed: false },
      { what: 'security group sg-1 in us-east-1', removed: true },
    ],
  });
  expect(totals([left]).leftovers).toBe(1);
  expect(leftoverLines(left)).toEqual([
    'dev: left by a killed deploy: role he300-dev-gpu-host',
    'dev: removed security group sg-1 in us-east-1',
  ]);
});

test('a failure that environments share is one line', () => {
  const failures = [
    { name: 'dev', error: 'no AWS credentials' },
    { name: 'staging', error: 'no state bucket' },
    { name: 'prod', error: 'no AWS credentials' },
  ];
  expect(errorLines(failures)).toEqual(['dev, prod: no AWS credentials', 'staging: no state bucket']);
});
