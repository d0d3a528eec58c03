import { DELIVERY_HEADERS, EVENTS_PATH, MAX_EVENT_BYTES } from '@he300/benchmark/contract';
import { MOST_BODY_BYTES } from '../routes/webhooks';
import { testServer, type TestServer } from '../test-services';
import { markLost } from './lost';
import { newKey, SenderDouble } from './sender.double';
import { setWebhookKey } from './webhook-keys';

const [DEV, PROD] = [newKey('d'), newKey('p')];
const RUN = 'dev-i-1';

let server: TestServer;
let host: SenderDouble;
beforeEach(async () => {
  server = await testServer();
  await setKey('dev', DEV);
  await setKey('prod', PROD);
  host = new SenderDouble(server, DEV, RUN);
});
afterEach(() => server.close());

const setKey = (environment: string, key: string, overlapHours = 24) =>
  setWebhookKey(server, { environment, key, overlapHours }, 'test');

const kept = async () => ({
  runs: await server.store.db.selectFrom('run').selectAll().execute(),
  events: await server.store.db.selectFrom('event').selectAll().execute(),
});

describe('what is not taken leaves nothing behind', () => {
  let before: Awaited<ReturnType<typeof kept>>;
  beforeEach(async () => {
    await host.tell('run.started');
    before = await kept();
  });
  afterEach(async () => expect(await kept()).toEqual(before));

  const progress = () => host.event('run.progress');
  const withHeader = (name: string, value: string) => {
    const letter = host.letter(progress());
    return { ...letter, headers: { ...letter.headers, [name]: value } };
  };

  test('a key that nobody has, an expired one, and none', async () => {
    expect(await host.post(host.letter(progress(), { webhookKey: newKey('x') }))).toBe(401);
    for (const name of [DELIVERY_HEADERS.id, DELIVERY_HEADERS.timestamp, DELIVERY_HEADERS.signature])
      expect([name, await host.post(withHeader(name, ''))]).toEqual([name, 401]);
    const twenty = withHeader(DELIVERY_HEADERS.signature, Array(20).fill('v1,AAAA').join(' '));
    expect(await host.post(twenty)).toBe(401);
  });

  test('a clock that is further off than five minutes', async () => {
    const off = (seconds: number) => new Date(server.now().getTime() + seconds * 1000);
    for (const seconds of [-301, 301])
      expect(await host.post(host.letter(progress(), { at: off(seconds) }))).toBe(401);
    server.turnClock(301);
    expect(await host.post(host.letter(progress(), { at: off(-301) }))).toBe(401);
  });

  test('a body that was cut off, or has a byte more', async () => {
    const { headers, body } = host.letter(progress());
    for (const other of [body.slice(0, -1), `${body} `, ''])
      expect(await host.post({ headers, body: other })).toBe(401);
  });

  test('what the environment has signed and is no event', async () => {
    const bodies = ['', 'null', '{', '{"type":"run.started"}', JSON.stringify({ ...progress(), seq: -1 })];
    for (const body of bodies) expect(await host.post(host.letter(body))).toBe(422);
    const event = JSON.stringify(host.event('run.cancelled', { reason: 'é' }));
    const latin1 = Buffer.from(event, 'latin1');
    const { headers } = host.letter(latin1.toString('latin1'));
    expect([401, 422]).toContain(await host.post({ headers, body: latin1 }));
  });

  test('a body that is too large, whether its length is said or not', async () => {
    const reason = 'x'.repeat(MAX_EVENT_BYTES);
    expect(await host.post(host.letter(JSON.stringify({ ...host.event('run.cancelled'), reason })))).toBe(
      413,
    );
    const huge = host.letter('x'.repeat(MOST_BODY_BYTES + 1));
    expect(await host.post(huge)).toBe(413);

    let pulled = 0;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(Buffer.alloc(64 * 1024, ++pulled)),
    });
    const init = { method: 'POST', headers: huge.headers, body: endless, duplex: 'half' } as RequestInit;
    expect((await server.app.request(EVENTS_PATH, init)).status).toBe(413);
    expect(pulled).toBeLessThan(10);
  });

  test("another environment's key", async () => {
    expect(await host.post(host.letter(progress(), { webhookKey: PROD }))).toBe(403);
    const inProd = new SenderDouble(server, DEV, 'prod-i-1');
    expect(await inProd.tell('run.started')).toBe(403);
    expect(await new SenderDouble(server, DEV, 'dev-i-2').tell('run.started', { environment: 'prod' })).toBe(
      422,
    );
  });

  test("events without the run's signature, with another one, and with another spelling of it", async () => {
    const other = new SenderDouble(server, DEV, RUN);
    const event = progress();
    const body = JSON.stringify(event);
    const own = host.signed(body);
    // The last character before the padding has four bits that count for nothing.
    const spelt = own.replace(
      /.==$/,
      (end) => `${end.startsWith('A') ? 'B' : String.fromCharCode(end.charCodeAt(0) + 1)}==`,
    );
    for (const runSignature of [null, '', 'AAAA', other.signed(body), spelt])
      expect(await host.post(host.letter(event, { runSignature }))).toBe(422);
  });

  test('a start by the key that is known but did not sign it: whoever reads it here could send that', async () => {
    const forged = host.event('run.started', { model: { ...exampleModel, name: 'another' } });
    expect(await host.post(host.letter(forged))).toBe(422);
    const other = new SenderDouble(server, DEV, RUN);
    expect(await host.post(host.letter(forged, { runSignature: other.signed(JSON.stringify(forged)) }))).toBe(
      422,
    );
  });

  test('another key, while the run is alive or when it does not say that it resumes', async () => {
    const other = new SenderDouble(server, DEV, RUN);
    other.seq = 50;
    expect(await other.tell('run.started', { resumed: true })).toBe(409);
    expect(await other.tell('run.started')).toBe(422);
    for (const type of [
      'run.progress',
      'run.heartbeat',
      'run.completed',
      'run.failed',
      'run.cancelled',
    ] as const)
      expect([type, await other.tell(type)]).toEqual([type, 422]);
  });

  test('an id or a number that stands for something else', async () => {
    const { headers } = host.letter(host.event('run.heartbeat', { seq: 0 }));
    const event = progress();
    expect(await host.post(host.letter(event, { id: headers[DELIVERY_HEADERS.id]! }))).toBe(422);
    expect(await host.post(host.letter({ ...event, seq: 0 }, { id: 'fresh' }))).toBe(422);
  });

  test('what only a run that has begun can say', async () => {
    const silent = new SenderDouble(server, DEV, 'dev-i-2');
    for (const type of ['run.progress', 'run.completed', 'run.cancelled'] as const)
      expect(await silent.tell(type)).toBe(422);
  });
});

const exampleModel = {
  name: 'm',
  digest: null,
  quantization: null,
  parametersBillions: null,
  contextTokens: null,
};

test('a run from its first word to its end', async () => {
  expect(await host.tell('run.heartbeat', { phase: 'arm', nextWithinSeconds: 60 })).toBe(202);
  expect(await host.row()).toMatchObject({
    state: 'RUNNING',
    environment: 'dev',
    silence_seconds: 60,
    public_key: null,
  });
  expect(await host.tell('run.started')).toBe(202);
  expect(await host.row()).toMatchObject({
    public_key: host.publicKey,
    spec: '1.0',
    comparable: 1,
    whole: 0,
  });
  server.turnClock(10);
  expect(await host.tell('run.progress')).toBe(202);
  expect(await host.row()).toMatchObject({
    done: 100,
    total: 300,
    done_correct: 80,
    phase: 'run',
    eta_seconds: 20,
  });
  expect(await host.tell('run.completed')).toBe(202);
  expect(await host.row()).toMatchObject({
    ...{ state: 'COMPLETED', correct: 240, accuracy: 0.8, low95: 0.75, high95: 0.84, whole: 1, last_seq: 3 },
    ...{ changed_at: server.now().toISOString(), eta_seconds: null, verdict: 'limited-by-slots' },
  });
  expect(JSON.parse((await host.row())!.phases).map(({ phase }: { phase: string }) => phase)).toEqual([
    'arm',
    'run',
  ]);
  const { db } = server.store;
  expect(await db.selectFrom('category_result').select(['category', 'correct']).execute()).toEqual([
    { category: 'virtue', correct: 240 },
  ]);
  expect(await db.selectFrom('model').selectAll().execute()).toEqual([
    expect.objectContaining({ spec: '1.0', complete_runs: 1, latest_run_id: RUN }),
  ]);
  expect((await host.events()).map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
});

test('a run of a sample that was not asked whole, and one of a pack of our own, are complete and not whole', async () => {
  await host.tell('run.started');
  const { overall } = host.event('run.completed');
  await host.tell('run.completed', { overall: { ...overall, scenarios: 299 } });
  const starter = new SenderDouble(server, DEV, 'dev-i-2');
  const { suite } = starter.event('run.started');
  await starter.tell('run.started', { suite: { ...suite, comparable: false } });
  await starter.tell('run.completed');
  expect([(await host.row())!.whole, (await starter.row())!.whole]).toEqual([0, 0]);
  expect(
    await server.store.db.selectFrom('model').select(['complete_runs', 'latest_run_id']).execute(),
  ).toEqual([{ complete_runs: 2, latest_run_id: null }]);
});

test('repeated and late deliveries are answered 200 and change nothing but the record', async () => {
  const started = host.letter(host.event('run.started'));
  const [late, progress] = [
    host.event('run.heartbeat', { nextWithinSeconds: 3600 }),
    host.event('run.progress'),
  ];
  expect([await host.post(started), await host.post(started)]).toEqual([202, 200]);
  await host.post(host.letter(progress));
  const before = await host.row();
  server.turnClock(5);
  expect(await host.post(host.letter(late))).toBe(200);
  expect(await host.post(host.letter(late, { id: 'again' }))).toBe(200);
  expect(await host.row()).toEqual(before);
  expect((await host.events()).map(({ seq, type }) => [seq, type])).toEqual([
    [0, 'run.started'],
    [1, 'run.heartbeat'],
    [2, 'run.progress'],
  ]);
});

test.each(['run.completed', 'run.cancelled', 'run.failed'] as const)(
  '%s stays, whatever is signed after it',
  async (type) => {
    await host.tell('run.started');
    await host.tell(type);
    const before = await host.row();
    server.turnClock(5);
    for (const other of [
      'run.progress',
      'run.heartbeat',
      'run.failed',
      'run.completed',
      'run.cancelled',
    ] as const)
      expect(await host.tell(other)).toBe(202);
    expect(await host.row()).toEqual({ ...before, last_seq: 6 });
  },
);

test('the key of an environment is exchanged while its hosts speak: two are taken, and no third', async () => {
  const [second, third] = [newKey('2'), newKey('3')];
  const tellBy = (webhookKey: string) => host.post(host.letter(host.event('run.heartbeat'), { webhookKey }));
  await host.tell('run.started');
  await setKey('dev', second, 1);
  expect([await tellBy(DEV), await tellBy(second)]).toEqual([202, 202]);
  server.turnClock(3_600);
  expect([await tellBy(DEV), await tellBy(second)]).toEqual([401, 202]);
  await setKey('dev', third);
  expect([await tellBy(DEV), await tellBy(second), await tellBy(third)]).toEqual([401, 202, 202]);
  await setKey('dev', newKey('4'), 0);
  expect([await tellBy(second), await tellBy(third)]).toEqual([401, 401]);
});

test('a sender that goes from one key to the next signs with both', async () => {
  const { headers, body } = host.letter(host.event('run.started'));
  const name = DELIVERY_HEADERS.signature;
  const other = host.letter(body, { id: headers[DELIVERY_HEADERS.id]!, webhookKey: newKey('x') }).headers[
    name
  ];
  expect(
    await host.post({ body, headers: { ...headers, [name]: `v1a,abc ${other} ${headers[name]}` } }),
  ).toBe(202);
});

test('a run that falls silent is lost, and back with its next word', async () => {
  await host.tell('run.started');
  await host.tell('run.heartbeat', { nextWithinSeconds: 30 });
  server.turnClock(90);
  expect(await markLost(server.store.db, server.now())).toEqual([]);
  server.turnClock(1);
  expect(await markLost(server.store.db, server.now())).toEqual([RUN]);
  expect(await markLost(server.store.db, server.now())).toEqual([]);
  expect(await host.row()).toMatchObject({ state: 'LOST', changed_at: server.now().toISOString() });
  await host.tell('run.heartbeat');
  expect(await host.row()).toMatchObject({ state: 'RUNNING' });
});

test('another host resumes a run that is lost or has failed, and the first one is heard no more', async () => {
  await host.tell('run.started');
  server.turnClock(91);
  const second = new SenderDouble(server, DEV, RUN);
  second.seq = host.seq;
  expect(await second.tell('run.started', { resumed: true })).toBe(202);
  host.seq = 10;
  expect(await host.tell('run.completed')).toBe(422);
  await second.tell('run.failed', { interrupted: true });
  const third = new SenderDouble(server, DEV, RUN);
  expect(await third.tell('run.started', { resumed: true, seq: 2 })).toBe(422);
  expect(await third.tell('run.started', { resumed: true, seq: 3 })).toBe(202);
  expect(await host.row()).toMatchObject({
    state: 'RUNNING',
    public_key: third.publicKey,
    ended: null,
    ended_at: null,
  });
  const actions = await server.store.db
    .selectFrom('audit')
    .select('action')
    .where('target', '=', RUN)
    .execute();
  expect(actions.map(({ action }) => action)).toEqual([
    'run.register-key',
    'run.replace-key',
    'run.replace-key',
  ]);
});

test("another run's host can neither use up a run's ids nor push its numbers out of reach", async () => {
  const other = new SenderDouble(server, DEV, 'dev-i-2');
  await other.tell('run.started');
  const blocking = other.event('run.heartbeat');
  expect(await other.post(other.letter(blocking, { id: `${RUN}_0` }))).toBe(202);
  const early = new SenderDouble(server, DEV, RUN);
  expect(await early.tell('run.heartbeat', { seq: Number.MAX_SAFE_INTEGER })).toBe(202);
  expect(await host.tell('run.started')).toBe(202);
  expect(await host.tell('run.progress')).toBe(202);
  expect(await host.row()).toMatchObject({ done: 100, last_seq: 1 });
});

test('a store that cannot write is told of as such, and the event can come again', async () => {
  const letter = host.letter(host.event('run.started'));
  await server.store.db.schema.alterTable('event').renameTo('away').execute();
  expect(await host.post(letter)).toBe(503);
  expect(await host.row()).toBeUndefined();
  await server.store.db.schema.alterTable('away').renameTo('event').execute();
  expect(await host.post(letter)).toBe(202);
});
