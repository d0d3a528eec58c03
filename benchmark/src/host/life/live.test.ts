import { PHASES, type Phase } from '../../contract/event';
import { InputError } from '../../errors';
import { HostLog } from '../log/host-log';
import { Redactor } from '../log/redactor';
import { Living, type Work } from './live';
import type { LifeState } from './machine';
import type { PhaseRule } from './rules';

const rule: PhaseRule = { timeLimitSeconds: 5, attempts: 2, pauseSeconds: 0 };
const rules = Object.fromEntries(PHASES.map((phase) => [phase, rule])) as Record<Phase, PhaseRule>;

interface Lived {
  readonly living: Living;
  readonly ended: Promise<LifeState>;
  /** Phases in the order in which their work was begun. */
  readonly begun: string[];
  readonly causes: () => string[];
}

/** @param ofPhase what is done in a phase; nothing in those that are not named */
function live(
  ofPhase: Partial<Record<Phase, Work>>,
  { changed = {}, models = 1 }: { changed?: Partial<Record<Phase, PhaseRule>>; models?: number } = {},
): Lived {
  const lines: string[] = [];
  const log = new HostLog({ redactor: new Redactor(), write: (line) => lines.push(line) });
  const begun: string[] = [];
  const work: Work = async (state, signal) => {
    begun.push(state.phase);
    await ofPhase[state.phase]?.(state, signal);
  };
  const living = new Living({ models, rules: { ...rules, ...changed } }, work, log, 10);
  const causes = (): string[] =>
    lines.flatMap((line) => {
      const { cause } = JSON.parse(line) as { cause?: string };
      return cause === undefined ? [] : [cause];
    });
  return { living, ended: living.live(), begun, causes };
}

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

test('a phase that fails is begun again, and then its failure is reported', async () => {
  const { ended, begun } = live({ secrets: () => Promise.reject(new Error('no answer')) });
  expect(await ended).toMatchObject({
    failure: { phase: 'secrets', cause: 'no answer', interrupted: false },
  });
  expect(begun).toEqual(['arm', 'identity', 'secrets', 'secrets', 'report', 'off']);
});

test('what a person did wrong is not tried again', async () => {
  const { ended, begun } = live({ secrets: () => Promise.reject(new InputError('no key; allowed: a key')) });
  expect((await ended).failure?.cause).toBe('no key; allowed: a key');
  expect(begun.filter((phase) => phase === 'secrets')).toHaveLength(1);
});

test('a phase without an end is ended by its limit, also one that does not listen', async () => {
  const changed = { tunnel: { timeLimitSeconds: 0.02, attempts: 2, pauseSeconds: 0 } };
  for (const work of [untilAborted, () => new Promise<never>(() => undefined)]) {
    const { ended, causes } = live({ tunnel: (_state, signal) => work(signal) }, { changed });
    expect((await ended).failure?.phase).toBe('tunnel');
    expect(causes()).toEqual(['no end within 0.02 s', 'no end within 0.02 s']);
  }
});

test('a stop ends what is done, and the report and the way out are still made', async () => {
  const { living, ended, begun } = live({
    run: (_state, signal) => {
      setImmediate(() => living.stop('spot-notice'));
      return untilAborted(signal);
    },
    report: (_state, signal) => (signal.aborted ? Promise.reject(new Error('cut off')) : Promise.resolve()),
  });
  expect(await ended).toMatchObject({
    phase: 'ended',
    failure: { phase: 'run', cause: 'the cloud takes the host back', interrupted: true },
  });
  expect(begun.slice(-3)).toEqual(['run', 'report', 'off']);
});

test('a stop while a phase is waited for ends the waiting', async () => {
  const changed = { identity: { timeLimitSeconds: 5, attempts: 9, pauseSeconds: 30 } };
  const { living, ended, begun } = live(
    {
      identity: () => {
        setImmediate(() => living.stop('signal'));
        return Promise.reject(new Error('late'));
      },
    },
    { changed },
  );
  expect((await ended).failure).toMatchObject({ phase: 'identity', interrupted: true });
  expect(begun).toEqual(['arm', 'identity', 'identity', 'report', 'off']);
});

test('a report that fails keeps no host up', async () => {
  const { ended, begun } = live(
    {
      report: () => Promise.reject(new Error('nobody listens')),
      off: () => Promise.reject(new Error('stuck')),
    },
    { models: 2 },
  );
  expect((await ended).phase).toBe('ended');
  expect(begun.filter((phase) => phase === 'report')).toHaveLength(2);
  expect(begun.filter((phase) => phase === 'off')).toHaveLength(1);
});
