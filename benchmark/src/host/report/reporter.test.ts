/** Whatever becomes of the dashboard, the disk or the host: events arrive once, in order, and under the ids they had. */
import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  receiverDouble,
  type ReceiverDouble,
  type ReceiverOptions,
} from '../../../../test/support/receiver.double';
import { MAX_EVENT_BYTES } from '../../contract/delivery';
import { exampleEvents } from '../../contract/examples';
import type { Plan } from '../../run/plan';
import { HostLog } from '../log/host-log';
import { Redactor } from '../log/redactor';
import { Secret } from '../log/secret';
import { Outbox } from './outbox';
import { Reporter } from './reporter';
import { RunEvents } from './run-events';
import { ServerClock } from './server-clock';
import { deliver } from './webhook';

const RUN = 'dev-i-0123456789abcdef0';
const KEY = `whsec_${Buffer.from('the key of the environment').toString('base64')}`;
const { privateKey } = generateKeyPairSync('ed25519');
const plan = exampleEvents['run.started'] as unknown as Plan;
const scored = (done: number) =>
  ({
    type: 'scored',
    done,
    total: 60,
    correct: 1,
    concurrency: 4,
    outputTokensPerSecond: 9,
    etaSeconds: 1,
    costUsd: null,
  }) as const;
const failure = { phase: 'run', cause: 'it broke', interrupted: false } as const;

let dir: string;
const receivers: ReceiverDouble[] = [];
const reporters: Reporter[] = [];
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'he300-outbox-'))));
afterEach(async () => {
  for (const reporter of reporters.splice(0)) await reporter.stop();
  for (const receiver of receivers.splice(0)) await receiver.close();
  rmSync(dir, { recursive: true });
});

async function receive(options: Partial<ReceiverOptions> = {}): Promise<ReceiverDouble> {
  const receiver = await receiverDouble({ webhookKey: KEY, dashboardToken: 'token', ...options });
  receivers.push(receiver);
  return receiver;
}

interface Host {
  readonly outbox: Outbox;
  readonly events: RunEvents;
  readonly reporter: Reporter;
  readonly clock: ServerClock;
  readonly lines: string[];
  passSeconds(seconds: number): void;
}

function host(url: string, key: () => string = () => KEY): Host {
  const lines: string[] = [];
  const redactor = new Redactor();
  const log = new HostLog({ redactor, write: (line) => lines.push(line) });
  const outbox = Outbox.open(dir, { onDiskFailure: (error) => log.warn('disk', { error }) });
  const clock = new ServerClock((seconds) => log.warn('clocks', { seconds }));
  const reporter = new Reporter({
    ...{ outbox, log, clock, url, mostWaitMs: 20 },
    key: () => Promise.resolve(redactor.know(new Secret(key()))),
  });
  reporters.push(reporter);
  let nowMs = Date.parse('2026-06-17T12:00:00.000Z');
  const events = new RunEvents({
    ...{ runId: RUN, key: privateKey, outbox, redactor },
    notify: () => reporter.notify(),
    now: () => new Date(nowMs),
  });
  return { outbox, events, reporter, clock, lines, passSeconds: (seconds) => void (nowMs += seconds * 1000) };
}

const never = new AbortController().signal;
const types = (receiver: ReceiverDouble): string[] => receiver.runs.get(RUN)!.events.map(({ type }) => type);

/** A run from its start to its failure, with the progress that a reader would see. */
async function wholeRun({ events, passSeconds, reporter }: Host): Promise<void> {
  events.started(plan, 'dev');
  for (let done = 1; done <= 60; done++) {
    passSeconds(1);
    events.progress('run', scored(done));
    await reporter.drained(never);
  }
  passSeconds(31);
  events.heartbeat('report');
  events.failed(failure, 'the tail\n', 1);
  await reporter.drained(never);
}

test('a run is told in order, signed, and no more often than a reader can follow', async () => {
  const receiver = await receive();
  const told = host(receiver.url);
  told.reporter.start();
  await wholeRun(told);
  expect(receiver.violations).toEqual([]);
  expect(types(receiver)).toEqual([
    'run.started',
    ...Array<string>(13).fill('run.progress'),
    ...['run.heartbeat', 'run.failed'],
  ]);
  expect(receiver.runs.get(RUN)).toMatchObject({ state: 'FAILED', publicKey: expect.any(String) });
});

test('a dashboard that is gone gets everything when it is back, once, and not what is long past', async () => {
  const receiver = await receive();
  await receiver.goAway();
  const { events, reporter, lines, passSeconds } = host(receiver.url);
  reporter.start();
  events.started(plan, 'dev');
  for (let done = 1; done <= 60; done++) {
    passSeconds(10);
    events.progress('run', scored(done));
    events.heartbeat('run');
  }
  events.failed(failure, '', 1);
  while (!lines.join('').includes('does not take events')) await new Promise(setImmediate);
  await receiver.back();
  expect(await reporter.drained(never)).toBe(true);
  expect(types(receiver)).toEqual(['run.started', 'run.progress', 'run.failed']);
  expect(receiver.violations).toEqual([]);
  expect(lines.join('')).toMatch(/does not take events.*ECONNREFUSED.*takes events again/s);
});

test('answers that ask for patience are waited for, and the id is the same each time', async () => {
  const answers = [500, 503, 429, 404, 409];
  const receiver = await receive({ refuse: (index) => answers[index] });
  const { events, reporter } = host(receiver.url);
  reporter.start();
  events.started(plan, 'dev');
  await reporter.drained(never);
  expect(receiver.deliveries).toEqual([...answers, 202].map((status) => ({ id: `${RUN}_0`, status })));
});

test('an event that can never be taken is set aside, said, and does not hold up the others', async () => {
  const receiver = await receive({ refuse: (index) => (index === 0 ? 422 : undefined) });
  const { events, reporter, lines, outbox } = host(receiver.url);
  events.heartbeat('secrets');
  events.started(plan, 'dev');
  reporter.start();
  expect(await reporter.drained(never)).toBe(true);
  expect(types(receiver)).toEqual(['run.started']);
  expect(outbox.of(RUN).map(({ fate }) => fate)).toEqual(['refused', 'sent']);
  expect(lines.join('')).toContain(`set aside","id":"${RUN}_0"`);
});

test('a dashboard that wants nothing more is left alone, and what waits is kept', async () => {
  const receiver = await receive({ refuse: () => 410 });
  const { events, reporter, outbox, lines } = host(receiver.url);
  events.started(plan, 'dev');
  reporter.start();
  expect(await reporter.drained(never)).toBe(false);
  expect(outbox.of(RUN)).toMatchObject([{ fate: 'waiting', type: 'run.started' }]);
  expect(lines.join('')).toContain('wants no more events');
  expect(receiver.deliveries).toHaveLength(1);
});

test('a key that was changed meanwhile is asked for again', async () => {
  const receiver = await receive();
  const keys = [`whsec_${Buffer.from('the key before that').toString('base64')}`, KEY];
  let asked = 0;
  const { events, reporter } = host(receiver.url, () => keys[Math.min(asked++, 1)]!);
  events.started(plan, 'dev');
  reporter.start();
  expect(await reporter.drained(never)).toBe(true);
  expect([receiver.deliveries.map(({ status }) => status), asked]).toEqual([[401, 202], 2]);
});

test.each([600, -600])('a dashboard whose clock is %i s ahead is told at its own time', async (seconds) => {
  const receiver = await receive({ clockAheadSeconds: seconds });
  const { events, reporter, clock, lines } = host(receiver.url);
  events.started(plan, 'dev');
  events.heartbeat('run');
  reporter.start();
  expect(await reporter.drained(never)).toBe(true);
  expect(receiver.deliveries.map(({ status }) => status)).toEqual([401, 202]);
  expect(Math.abs(clock.skewSeconds - seconds)).toBeLessThanOrEqual(2);
  expect(lines.filter((line) => line.includes('"clocks"'))).toHaveLength(1);
});

test('the reader of a failure gets the tail of the log as far as it fits, without secrets', async () => {
  const receiver = await receive();
  const redactor = new Redactor();
  redactor.know(new Secret('canary-secret'));
  const { outbox, reporter } = host(receiver.url);
  const events = new RunEvents({
    runId: RUN,
    key: privateKey,
    outbox,
    redactor,
    notify: () => reporter.notify(),
  });
  reporter.start();
  events.failed(
    { ...failure, cause: `\u0007canary-secret ${'ü'.repeat(900)}` },
    '\u{1F600}\\"'.repeat(9_000),
    0.5,
  );
  await reporter.drained(never);
  expect(receiver.violations).toEqual([]);
  const [event] = receiver.runs.get(RUN)!.events;
  expect(event).toMatchObject({ type: 'run.failed', cause: expect.stringMatching(/^ \[secret\] ü+$/) });
  expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(MAX_EVENT_BYTES);
});

test('a host that continues a run says that first: the key that speaks for it is another one', async () => {
  const { outbox } = host('http://127.0.0.1:1');
  const redactor = new Redactor();
  const events = new RunEvents({
    ...{ runId: RUN, key: privateKey, outbox, redactor, notify: () => undefined, isResumed: true },
  });
  events.heartbeat('model-server');
  expect(outbox.head()).toBeUndefined();
  events.started(plan, 'dev');
  expect(JSON.parse(outbox.head()!.body)).toMatchObject({ type: 'run.started', resumed: true });
});

test('the end of a run is told once', async () => {
  const { events, outbox } = host('http://127.0.0.1:1');
  events.failed(failure, '', 0);
  events.failed(failure, '', 1);
  expect(outbox.of(RUN)).toHaveLength(1);
});

describe('the outbox', () => {
  test('a file that was cut off when the host was killed never was an event', () => {
    host('http://127.0.0.1:1').events.heartbeat('run');
    writeFileSync(join(dir, 'waiting', `000000001_${RUN}_1_run.heartbeat.json.new`), '{"id":"');
    const { outbox } = host('http://127.0.0.1:1');
    expect(outbox.of(RUN).map(({ seq }) => seq)).toEqual([0]);
    expect(readdirSync(join(dir, 'waiting'))).toHaveLength(1);
  });

  test('a host that continues a run numbers after the ones before it', () => {
    const outbox = Outbox.open(dir, { firstSeq: (runId) => (runId === RUN ? 2_000_000 : 0) });
    const letter = (seq: number) => ({ id: String(seq), body: '{}', runSignature: null });
    outbox.append(RUN, 'run.started', letter);
    outbox.append('dev-i-2', 'run.started', letter);
    outbox.append(RUN, 'run.heartbeat', letter);
    expect(outbox.of(RUN).map(({ id }) => id)).toEqual(['2000000', '2000001']);
    expect(outbox.of('dev-i-2').map(({ id }) => id)).toEqual(['0']);
  });

  test('a disk that takes nothing more keeps no event back', async () => {
    const receiver = await receive();
    const { outbox, events, reporter, lines } = host(receiver.url);
    rmSync(join(dir, 'waiting'), { recursive: true });
    events.failed(failure, '', 0);
    expect(outbox.head()).toMatchObject({ type: 'run.failed' });
    reporter.start();
    expect(await reporter.drained(never)).toBe(true);
    expect(types(receiver)).toEqual(['run.failed']);
    expect(lines.join('')).toContain('"disk"');
  });
});

/**
 * A host that is killed: its outbox is opened anew, and nothing else is left of it. It may die when an event was
 * taken but the answer was not heard, which is when a careless sender would number or send it anew.
 */
test('however often a host is killed, every event arrives, in order and under one id', async () => {
  const step = fc.constantFrom('tell', 'send', 'send unheard', 'kill');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      rmSync(dir, { recursive: true });
      const receiver = await receive();
      let living = host(receiver.url);
      let told = 0;
      const send = async (): Promise<void> => {
        const entry = living.outbox.head();
        if (!entry) return;
        const outcome = await deliver(entry, {
          url: receiver.url,
          key: new Secret(KEY),
          clock: living.clock,
        });
        expect(outcome).toEqual({ kind: 'arrived' });
        living.outbox.settle(entry, 'sent');
      };
      for (const what of steps) {
        if (what === 'tell') {
          living.passSeconds(60);
          const { events, outbox } = living;
          const before = outbox.of(RUN).length;
          if (!events.isStarted) events.started(plan, 'dev');
          else events.heartbeat('run');
          told += outbox.of(RUN).length - before;
        } else if (what === 'send') {
          await send();
        } else if (what === 'send unheard') {
          const entry = living.outbox.head();
          if (entry) await deliver(entry, { url: receiver.url, key: new Secret(KEY), clock: living.clock });
        }
        if (what !== 'tell' && what !== 'send') living = host(receiver.url);
      }
      while (living.outbox.head()) await send();
      expect(receiver.violations).toEqual([]);
      const seqs = receiver.runs.get(RUN)?.events.map(({ seq }) => seq) ?? [];
      expect(seqs).toEqual([...Array(told).keys()]);
      await receivers.pop()!.close();
    }),
    { numRuns: 40 },
  );
}, 60_000);
