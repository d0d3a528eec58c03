import type { RunSummary } from '../../api/run';
import { LIVE_PATH } from '../../api/live';
import { runSummary } from '../../api/run';
import { minute, pendingRun } from '../store/filled';
import { bearer, testServer, type TestServer } from '../test-services';
import { liveRoutes } from './live';
import { newRoutes } from './new-routes';

let server: TestServer;
beforeEach(async () => {
  server = await testServer();
});
afterEach(() => server.close());

/** The feed alone, asking often, and everybody signed in. */
const quickFeed = () => {
  const app = newRoutes();
  app.use(async (c, next) => {
    c.set('actor', { kind: 'token', name: 'viewer', role: 'viewer', environment: null });
    await next();
  });
  return app.route('/', liveRoutes(server, { pollMs: 5 }));
};

interface Heard {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: string;
}

/** One listener; `next` gives what it hears, pings left out, and `end` goes away. */
async function listener(app: ReturnType<typeof quickFeed>, lastEventId?: string) {
  const abort = new AbortController();
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const response = await app.request(LIVE_PATH, { headers, signal: abort.signal });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  async function nextEvent(): Promise<Heard> {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const field = (name: string) =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        return { event: field('event') ?? 'message', id: field('id'), data: field('data') ?? '' };
      }
      const { value, done } = await reader.read();
      if (done) throw new Error('the stream has ended');
      text += value;
    }
  }
  return {
    nextEvent,
    async next(): Promise<RunSummary & { readonly id: string | undefined }> {
      for (;;) {
        const { event, id, data } = await nextEvent();
        if (event === 'run') return { ...runSummary.parse(JSON.parse(data)), id };
      }
    },
    end: () => reader.cancel(),
  };
}

const now = (seconds = 0) => new Date(server.now().getTime() + seconds * 1000).toISOString();
const add = (id: string, at = now()) =>
  server.store.db
    .insertInto('run')
    .values(pendingRun(id, { changed_at: at }))
    .execute();
const change = (id: string, at = now(), heardAt = at) =>
  server.store.db
    .updateTable('run')
    .set({ changed_at: at, heard_at: heardAt })
    .where('id', '=', id)
    .execute();

test('nobody listens without a role', async () => {
  expect((await server.app.request(LIVE_PATH)).status).toBe(401);
  const response = await server.app.request(LIVE_PATH, { headers: bearer(server.tokens.viewer) });
  expect(response.status).toBe(200);
  await response.body!.cancel();
});

test('the first word is a ping, and every change follows, once', async () => {
  const one = await listener(quickFeed());
  expect(await one.nextEvent()).toMatchObject({ event: 'ping', data: '' });
  await add('dev-a');
  expect(await one.next()).toMatchObject({ runId: 'dev-a', id: now() });
  await add('dev-b');
  expect((await one.next()).runId).toBe('dev-b');
  // At the very same millisecond as the change before.
  await change('dev-a', now(), minute(1));
  expect(await one.next()).toMatchObject({ runId: 'dev-a', heardAt: minute(1) });
  await one.end();
});

test('a change that is committed after a later one is told too', async () => {
  const one = await listener(quickFeed());
  await add('dev-a', now());
  expect((await one.next()).runId).toBe('dev-a');
  await add('dev-b', now(-4));
  expect((await one.next()).runId).toBe('dev-b');
  await one.end();
});

test('who comes back is told what changed meanwhile, in the order of the changes', async () => {
  const app = quickFeed();
  for (const [i, id] of ['dev-a', 'dev-b', 'dev-c'].entries()) await add(id, now(i));
  server.turnClock(600);
  const other = await listener(app);
  const back = await listener(app, now(-599));
  expect([(await back.next()).runId, (await back.next()).runId, (await back.next()).runId]).toEqual([
    'dev-a',
    'dev-b',
    'dev-c',
  ]);
  // It goes on with the others, and they were told nothing old.
  await add('dev-d');
  expect((await back.next()).runId).toBe('dev-d');
  expect((await other.next()).runId).toBe('dev-d');
  await Promise.all([back.end(), other.end()]);
});

test.each(['yesterday', "'; drop table run", '1970-01-01T00:00:00.000Z'])(
  'a place that is none or long gone, %s, brings what is new',
  async (place) => {
    await add('dev-old', now(-3 * 86_400));
    const one = await listener(quickFeed(), place);
    await add('dev-a');
    expect((await one.next()).runId).toBe('dev-a');
    await one.end();
  },
);

test('the store is asked only while somebody listens, and again when somebody comes back', async () => {
  const app = quickFeed();
  const one = await listener(app);
  await one.nextEvent();
  expect(await listeners()).toBe(1);
  await one.end();
  await until(async () => (await listeners()) === 0);
  await add('dev-a');
  const two = await listener(app);
  expect((await two.next()).runId).toBe('dev-a');
  await two.end();
});

test('listeners survive a store that fails for a while', async () => {
  const one = await listener(quickFeed());
  await one.nextEvent();
  await server.store.db.schema.alterTable('run').renameTo('gone').execute();
  await until(async () => server.logged.some(({ message }) => message === 'live updates were not read'));
  await server.store.db.schema.alterTable('gone').renameTo('run').execute();
  await add('dev-a');
  expect((await one.next()).runId).toBe('dev-a');
  await one.end();
});

const listeners = async () => (await server.metrics.liveListeners.get()).values[0]?.value ?? 0;

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}
