import fc from 'fast-check';
import { PHASES, type Phase } from '../../contract/event';
import { BORN, endsAll, next, STOPPED_BY, type LifeEvent, type LifeState, type StopReason } from './machine';
import { PHASE_RULES, pauseSecondsAfter } from './rules';

const done: LifeEvent = { type: 'done' };
const failed: LifeEvent = { type: 'failed', cause: 'it broke', again: true };
const hopeless: LifeEvent = { type: 'failed', cause: 'it is wrong', again: false };
const stop = (reason: StopReason): LifeEvent => ({ type: 'stop', reason });

function live(models: number, ...events: readonly LifeEvent[]): LifeState[] {
  const states = [BORN];
  for (const event of events) states.push(next(states.at(-1)!, event, { models }));
  return states;
}

const phases = (states: readonly LifeState[]): string[] => states.map(({ phase }) => phase);

/** A state in this phase, with nothing wrong. */
const at = (phase: Phase, more: Partial<LifeState> = {}): LifeState => ({ ...BORN, phase, ...more });

test('nothing goes wrong: every phase once, in the order of the contract', () => {
  const states = live(1, ...Array<LifeEvent>(PHASES.length).fill(done));
  expect(phases(states)).toEqual([...PHASES, 'ended']);
});

test('several models: one run each, and what is of the host only once', () => {
  const states = live(2, ...Array<LifeEvent>(14).fill(done));
  expect(phases(states).slice(4)).toEqual([
    ...['model-server', 'preflight', 'run', 'report', 'model-server', 'preflight', 'run', 'report'],
    ...['off', 'ended', 'ended'],
  ]);
  expect(states.map(({ model }) => model).slice(4, 12)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
});

test('a phase is tried as often as its rule says, and then the failure is reported', () => {
  let state = at('model-server');
  for (let attempt = 1; attempt < PHASE_RULES['model-server'].attempts; attempt++) {
    state = next(state, failed, { models: 1 });
    expect(state).toEqual(at('model-server', { attempt: attempt + 1 }));
  }
  const failure = { phase: 'model-server', cause: 'it broke', interrupted: false };
  expect(next(state, failed, { models: 1 })).toEqual(at('report', { failure } as Partial<LifeState>));
});

test('what would fail again is not tried again', () => {
  expect(next(at('secrets'), hopeless, { models: 1 })).toMatchObject({
    phase: 'report',
    failure: { phase: 'secrets', cause: 'it is wrong', interrupted: false },
  });
});

test('a model that fails leaves the next one its run; a host that fails leaves none', () => {
  const [ofModel, ofHost] = [at('preflight'), at('tunnel')].map((state) =>
    next(next(state, hopeless, { models: 2 }), done, { models: 2 }),
  );
  expect(ofModel).toEqual(at('model-server', { model: 1 }));
  expect(ofHost).toMatchObject({ phase: 'off', model: 0 });
});

describe('a stop', () => {
  test.each(['time-limit', 'spot-notice', 'signal'] as const)('by %s interrupts the run', (reason) => {
    const stopped = next(at('run'), stop(reason), { models: 3 });
    expect(stopped).toEqual(at('run', { stop: reason }));
    const reported = next(stopped, { type: 'failed', cause: STOPPED_BY[reason], again: true }, { models: 3 });
    expect(reported).toMatchObject({
      phase: 'report',
      failure: { phase: 'run', cause: STOPPED_BY[reason], interrupted: true },
    });
    expect(next(reported, done, { models: 3 }).phase).toBe('off');
  });

  test('that comes as the last sample is scored leaves a complete run complete', () => {
    const stopped = next(at('run'), stop('signal'), { models: 1 });
    expect(next(stopped, done, { models: 1 })).toMatchObject({ phase: 'report', failure: null });
  });

  test('before the run leads nowhere but to the report, though the phase was done', () => {
    const stopped = next(at('secrets'), stop('spot-notice'), { models: 1 });
    expect(next(stopped, done, { models: 1 })).toMatchObject({
      phase: 'report',
      failure: { phase: 'secrets', cause: STOPPED_BY['spot-notice'], interrupted: true },
    });
  });

  test('is known by the first reason', () => {
    const twice = next(next(at('run'), stop('spot-notice'), { models: 1 }), stop('signal'), { models: 1 });
    expect(twice.stop).toBe('spot-notice');
  });
});

describe('whatever happens', () => {
  const event = fc.oneof(
    { weight: 4, arbitrary: fc.constant(done) },
    { weight: 4, arbitrary: fc.constantFrom(failed, hopeless) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...(['time-limit', 'spot-notice', 'signal'] as const)).map(stop),
    },
  );
  const models = fc.integer({ min: 1, max: 4 });

  test('the host ends, after so many attempts as the rules allow at most', () => {
    const attempts = (list: readonly Phase[]): number =>
      list.reduce((sum, phase) => sum + PHASE_RULES[phase].attempts, 0);
    fc.assert(
      fc.property(models, fc.infiniteStream(event), (count, events) => {
        let state = BORN;
        let steps = 0;
        while (state.phase !== 'ended') {
          const happened = events.next().value;
          state = next(state, happened, { models: count });
          if (happened.type !== 'stop') steps++;
        }
        const most = attempts(PHASES.slice(0, 4)) + count * attempts(PHASES.slice(4, 8)) + attempts(['off']);
        expect(steps).toBeLessThanOrEqual(most);
        expect(state.phase).toBe('ended');
      }),
    );
  });

  test('each model has at most one report, off comes once, and nothing runs after a stop', () => {
    fc.assert(
      fc.property(models, fc.array(event, { minLength: 30, maxLength: 120 }), (count, events) => {
        const states = live(count, ...events);
        const entered = states.filter((state, i) => state.phase !== states[i - 1]?.phase);
        const reports = entered.filter(({ phase }) => phase === 'report').map(({ model }) => model);
        expect(new Set(reports).size).toBe(reports.length);
        expect(entered.filter(({ phase }) => phase === 'off').length).toBeLessThanOrEqual(1);
        const stoppedAt = entered.findIndex((state) => state.stop !== null);
        if (stoppedAt !== -1)
          expect(['report', 'off', 'ended']).toEqual(
            expect.arrayContaining(phases(entered.slice(stoppedAt + 1))),
          );
        for (const state of entered)
          if (state.phase === 'off') expect(endsAll(state) || state.model === count - 1).toBe(true);
      }),
    );
  });

  test('a run is reported as complete only when its run phase was done', () => {
    fc.assert(
      fc.property(models, fc.array(event, { minLength: 10, maxLength: 120 }), (count, events) => {
        const states = live(count, ...events);
        states.forEach((state, i) => {
          if (state.phase !== 'report' || states[i - 1]!.phase === 'report') return;
          const completed = states[i - 1]!.phase === 'run' && events[i - 1]!.type === 'done';
          expect(state.failure === null).toBe(completed);
        });
      }),
    );
  });
});

test('pauses double, and end at half a minute', () => {
  const rule = { timeLimitSeconds: 1, attempts: 9, pauseSeconds: 2 };
  expect([1, 2, 3, 4, 5, 6].map((n) => pauseSecondsAfter(rule, n))).toEqual([2, 4, 8, 16, 30, 30]);
});

test('a store that is gone for two minutes is waited for', () => {
  for (const phase of ['secrets', 'model-server', 'preflight'] as const) {
    const rule = PHASE_RULES[phase];
    const pauses = Array.from({ length: rule.attempts - 1 }, (_, i) => pauseSecondsAfter(rule, i + 1));
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(120);
  }
});
