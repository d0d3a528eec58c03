import { QUESTION } from '../engines/engine-doubles';
import { type Answer, type Engine, type Question, RequestFailure } from '../engines/engine';
import { Breaker } from './breaker';
import { Gate } from './gate';
import { pump, type Exchange } from './pump';

const ANSWER: Answer = { text: 'ETHICAL', pieceAtMs: [1], promptTokens: 1, outputTokens: 1 };

/** An engine that answers as the script says for each request in turn, and with an answer when the script is over. */
class ScriptedEngine implements Engine {
  requests = 0;
  most = 0;
  private inFlight = 0;

  constructor(private readonly script: readonly (RequestFailure | 'answer')[] = []) {}

  async ask(): Promise<Answer> {
    const step = this.script[this.requests++];
    this.most = Math.max(this.most, ++this.inFlight);
    await new Promise((resolve) => setTimeout(resolve, 2));
    this.inFlight--;
    if (step instanceof RequestFailure) throw step;
    return ANSWER;
  }

  describe = () => Promise.reject(new Error('not asked here'));
  close = () => Promise.resolve();
}

const failure = (kind: RequestFailure['kind'], retryAfterMs?: number) =>
  new RequestFailure(kind, `it was ${kind}`, retryAfterMs);

interface Run {
  readonly concurrency: number;
  readonly questions: number;
  readonly breaker?: Breaker;
  readonly stop?: AbortSignal;
  readonly onExchange?: (exchange: Exchange<Question>) => void;
}

async function run(engine: Engine, { concurrency, questions, breaker, stop, onExchange }: Run) {
  const gate = new Gate(concurrency);
  const exchanges: Exchange<Question>[] = [];
  let left = questions;
  await pump({
    engine,
    gate,
    loops: concurrency,
    next: () => (left-- > 0 ? QUESTION : undefined),
    onExchange: onExchange ?? ((exchange) => exchanges.push(exchange)),
    timeLimitMs: 1_000,
    mostFailures: 3,
    stop: stop ?? new AbortController().signal,
    ...(breaker ? { breaker } : {}),
  });
  return { gate, exchanges };
}

describe('a failure', () => {
  test('that may pass is tried again, and then was none', async () => {
    const { exchanges } = await run(new ScriptedEngine([failure('timeout'), failure('malformed')]), {
      concurrency: 1,
      questions: 1,
    });
    expect(exchanges).toMatchObject([{ outcome: ANSWER, attempts: 3 }]);
  });

  test('that stays is the outcome, after as many tries as allowed', async () => {
    const { exchanges } = await run(
      new ScriptedEngine([failure('http'), failure('http'), failure('timeout')]),
      {
        concurrency: 1,
        questions: 1,
      },
    );
    expect(exchanges).toMatchObject([{ outcome: { kind: 'timeout' }, attempts: 3 }]);
  });

  test('that would only come again is not tried again', async () => {
    const { exchanges } = await run(new ScriptedEngine([failure('too-large')]), {
      concurrency: 1,
      questions: 1,
    });
    expect(exchanges).toMatchObject([{ outcome: { kind: 'too-large' }, attempts: 1 }]);
  });

  test('of the caller ends the pump with its error', async () => {
    const broken = () => {
      throw new Error('disk full');
    };
    await expect(
      run(new ScriptedEngine(), { concurrency: 4, questions: 100, onExchange: broken }),
    ).rejects.toThrow('disk full');
  });
});

describe('an overloaded server', () => {
  test('never makes an outcome: the question waits as long as asked, and concurrency is halved, with the reason', async () => {
    const full = Array.from({ length: 4 }, () => failure('overloaded', 20));
    const { exchanges, gate } = await run(new ScriptedEngine(full), { concurrency: 8, questions: 40 });
    expect(exchanges).toHaveLength(40);
    expect(exchanges.every(({ outcome }) => outcome === ANSWER)).toBe(true);
    expect(gate.changes[0]).toMatchObject({ from: 8, to: 4, reason: 'it was overloaded' });
    expect(gate.changes[1]).toMatchObject({ from: 4, to: 5, reason: '4 answers without a refusal' });
  });

  test('is won back up to what was wanted, and no further', async () => {
    const { gate } = await run(new ScriptedEngine([failure('overloaded', 0)]), {
      concurrency: 4,
      questions: 60,
    });
    expect(gate.changes.map(({ from, to }) => [from, to])).toEqual([
      [4, 2],
      [2, 3],
      [3, 4],
    ]);
  });
});

describe('a server that is gone', () => {
  const quick = { failures: 5, refusals: 2, retryMs: 5, patienceMs: 2_000 };

  test('for a while costs no question anything', async () => {
    const engine = new ScriptedEngine(Array.from({ length: 12 }, () => failure('refused')));
    const { exchanges } = await run(engine, { concurrency: 4, questions: 10, breaker: new Breaker(quick) });
    expect(exchanges).toHaveLength(10);
    expect(exchanges.every(({ outcome }) => outcome === ANSWER)).toBe(true);
  });

  test('for good ends the run in one line, and nothing is recorded', async () => {
    const engine = new ScriptedEngine(Array.from({ length: 1_000 }, () => failure('refused')));
    const recorded: unknown[] = [];
    await expect(
      run(engine, {
        concurrency: 4,
        questions: 10,
        breaker: new Breaker({ ...quick, patienceMs: 50 }),
        onExchange: (exchange) => recorded.push(exchange),
      }),
    ).rejects.toThrow(/^the server has not answered for 0 s: it was refused; start it and resume$/);
    expect(recorded).toEqual([]);
    expect(engine.requests).toBeLessThan(40);
  });

  test('is left alone while one request at a time tries it', async () => {
    const engine = new ScriptedEngine(Array.from({ length: 20 }, () => failure('refused')));
    await run(engine, { concurrency: 8, questions: 8, breaker: new Breaker(quick) });
    // The eight that were in flight, then one by one.
    expect(engine.most).toBe(8);
    expect(engine.requests).toBeLessThanOrEqual(20 + 8);
  });
});

test('as many requests are in flight as asked for', async () => {
  const engine = new ScriptedEngine();
  const { exchanges } = await run(engine, { concurrency: 16, questions: 100 });
  expect(engine.most).toBe(16);
  expect(exchanges).toHaveLength(100);
  for (const { dueMs, sentMs, endMs } of exchanges) expect(dueMs <= sentMs && sentMs < endMs).toBe(true);
});

test('a stop ends it at once, also while it waits for a server that is gone', async () => {
  const engine = new ScriptedEngine(Array.from({ length: 100 }, () => failure('refused')));
  const breaker = new Breaker({ failures: 5, refusals: 2, retryMs: 60_000, patienceMs: 600_000 });
  const { exchanges } = await run(engine, {
    concurrency: 8,
    questions: 50,
    breaker,
    stop: AbortSignal.timeout(30),
  });
  expect(exchanges).toEqual([]);
});
