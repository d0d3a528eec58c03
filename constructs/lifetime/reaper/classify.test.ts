import fc from 'fast-check';
import { classify, GRACE_MINUTES, mustEnd, type Facts } from './classify';
import type { Host } from './clouds/cloud';

const NOW = new Date('2026-06-17T12:00:00Z');
const minutesAgo = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);
const LOCK = { id: 'l', who: 'runner@ci', operation: 'OperationTypeApply', created: minutesAgo(1) };

type Subject = Pick<Host, 'cloud' | 'id' | 'launchedAt' | 'timeLimitMinutes'>;
const host = (change: Partial<Subject> = {}): Subject => ({
  id: 'i-1',
  cloud: 'aws',
  launchedAt: minutesAgo(30),
  timeLimitMinutes: 120,
  ...change,
});
const facts = (change: Partial<Facts> = {}): Facts => ({
  now: NOW,
  stateIds: new Set(['i-1']),
  lock: undefined,
  ended: false,
  graceMinutes: GRACE_MINUTES,
  ...change,
});
const nobody: ReadonlySet<string> = new Set();

describe('a host is ended', () => {
  test.each<[string, Partial<Subject>, Partial<Facts>, string]>([
    ['when its run left the end marker', {}, { ended: true }, 'ended'],
    [
      'when its run ended, even though nothing else is known of it',
      { launchedAt: undefined },
      { ended: true, stateIds: undefined },
      'ended',
    ],
    ['the minute its limit is reached', { launchedAt: minutesAgo(120) }, {}, 'expired'],
    [
      'past its limit, even while an apply holds the lock',
      { launchedAt: minutesAgo(121) },
      { lock: LOCK },
      'expired',
    ],
    [
      'past its limit, even though the state cannot be read',
      { launchedAt: minutesAgo(121) },
      { stateIds: undefined },
      'expired',
    ],
    [
      'past its limit on the other cloud',
      { cloud: 'lambda-cloud', launchedAt: minutesAgo(121) },
      {},
      'expired',
    ],
    [
      'when it has no limit and had time to get one',
      { timeLimitMinutes: undefined, launchedAt: minutesAgo(10) },
      {},
      'unlimited',
    ],
    ['when nobody knows when it was launched', { launchedAt: undefined }, {}, 'unlimited'],
    ['when its launch time is no date', { launchedAt: new Date('soon') }, {}, 'unlimited'],
    [
      'when its launch time is too far in the future to be true',
      { launchedAt: minutesAgo(-10.1) },
      {},
      'unlimited',
    ],
    [
      'when no state knows it and nobody is applying',
      { launchedAt: minutesAgo(0) },
      { stateIds: nobody },
      'orphan',
    ],
    [
      'when the apply that holds the lock had time to write it down',
      { launchedAt: minutesAgo(10) },
      { stateIds: nobody, lock: LOCK },
      'orphan',
    ],
  ])('%s', (_title, hostChange, factChange, verdict) => {
    const judgement = classify(host(hostChange), facts(factChange));
    expect(judgement.verdict).toBe(verdict);
    expect(mustEnd(judgement)).toBe(true);
    expect(judgement.reason).toMatch(/^[^\n]+$/);
  });
});

describe('a host is left alone', () => {
  test.each<[string, Partial<Subject>, Partial<Facts>, string]>([
    ['in the state and within its limit', {}, {}, 'live'],
    ['a second before its limit', { launchedAt: minutesAgo(120 - 1 / 60) }, {}, 'live'],
    [
      'when a clock is a little off and it seems to come from the future',
      { launchedAt: minutesAgo(-10) },
      {},
      'live',
    ],
    ['when the state cannot be read: it might be in there', {}, { stateIds: undefined }, 'live'],
    [
      'while its limit may still be on its way',
      { timeLimitMinutes: undefined, launchedAt: minutesAgo(9) },
      {},
      'live',
    ],
    [
      'on the other cloud, whose hosts the state does not name',
      { cloud: 'lambda-cloud' },
      { stateIds: nobody },
      'live',
    ],
    [
      'while the apply that may have launched it holds the lock',
      { launchedAt: minutesAgo(9) },
      { stateIds: nobody, lock: LOCK },
      'deploying',
    ],
    [
      'while an apply holds the lock and its clock is behind',
      { launchedAt: minutesAgo(-5) },
      { stateIds: nobody, lock: LOCK },
      'deploying',
    ],
  ])('%s', (_title, hostChange, factChange, verdict) => {
    const judgement = classify(host(hostChange), facts(factChange));
    expect(judgement.verdict).toBe(verdict);
    expect(mustEnd(judgement)).toBe(false);
  });
});

test('reasons name who and how long, so that a person can check them', () => {
  expect(classify(host({ launchedAt: minutesAgo(121) }), facts()).reason).toBe('past its limit of 120 min');
  expect(classify(host({ launchedAt: minutesAgo(2) }), facts({ stateIds: nobody, lock: LOCK })).reason).toBe(
    'runner@ci is applying',
  );
  expect(classify(host(), facts({ stateIds: nobody, lock: LOCK })).reason).toBe(
    'not in the state 30 min after its launch',
  );
});

describe('whatever else is true', () => {
  const anyFacts = fc.record({
    now: fc.constant(NOW),
    stateIds: fc.constantFrom<Facts['stateIds'][]>(undefined, nobody, new Set(['i-1'])),
    lock: fc.constantFrom<Facts['lock'][]>(undefined, LOCK),
    ended: fc.boolean(),
    graceMinutes: fc.integer({ min: 1, max: 60 }),
  });
  const cloud = fc.constantFrom<Host['cloud'][]>('aws', 'lambda-cloud');
  const limit = fc.integer({ min: 1, max: 1440 });

  test('a host past its limit is never left', () => {
    fc.assert(
      fc.property(
        anyFacts,
        cloud,
        limit,
        fc.integer({ min: 0, max: 1e9 }),
        (anyFact, on, timeLimitMinutes, pastMs) => {
          const launchedAt = new Date(NOW.getTime() - timeLimitMinutes * 60_000 - pastMs);
          expect(mustEnd(classify(host({ cloud: on, timeLimitMinutes, launchedAt }), anyFact))).toBe(true);
        },
      ),
    );
  });

  test('a host in the state, within its limit, whose run goes on is never ended', () => {
    fc.assert(
      fc.property(
        anyFacts,
        cloud,
        limit,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (anyFact, on, timeLimitMinutes, part) => {
          const launchedAt = new Date(NOW.getTime() - Math.floor(part * timeLimitMinutes * 60_000));
          const known = { ...anyFact, stateIds: new Set(['i-1']), ended: false };
          expect(mustEnd(classify(host({ cloud: on, timeLimitMinutes, launchedAt }), known))).toBe(false);
        },
      ),
    );
  });

  test('without the state, no host within its limit is ended unless its run has ended', () => {
    fc.assert(
      fc.property(
        anyFacts,
        limit,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (anyFact, timeLimitMinutes, part) => {
          const launchedAt = new Date(NOW.getTime() - Math.floor(part * timeLimitMinutes * 60_000));
          const blind = { ...anyFact, stateIds: undefined };
          expect(mustEnd(classify(host({ timeLimitMinutes, launchedAt }), blind))).toBe(anyFact.ended);
        },
      ),
    );
  });
});
