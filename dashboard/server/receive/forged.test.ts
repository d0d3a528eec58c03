import { DELIVERY_HEADERS, runEvent, type RunEvent } from '@he300/benchmark/contract';
import fc from 'fast-check';
import { testServer, type TestServer } from '../test-services';
import { newKey, SenderDouble, type Sent } from './sender.double';
import { setWebhookKey } from './webhook-keys';

const [DEV, PROD, SECOND] = [newKey('d'), newKey('p'), newKey('2')];
const RUN = 'dev-i-1';
const TYPES = [
  'run.started',
  'run.progress',
  'run.heartbeat',
  'run.completed',
  'run.failed',
  'run.cancelled',
] as const;

let server: TestServer;
let host: SenderDouble;
beforeEach(async () => {
  server = await testServer();
  const keys = [
    ['dev', SECOND],
    ['dev', DEV],
    ['prod', PROD],
  ] as const;
  for (const [environment, key] of keys)
    await setWebhookKey(server, { environment, key, overlapHours: 24 }, 'test');
  host = new SenderDouble(server, DEV, RUN);
  await host.tell('run.started');
  await host.tell('run.progress');
});
afterEach(() => server.close());

const kept = async () => ({
  runs: await server.store.db.selectFrom('run').selectAll().execute(),
  events: await server.store.db.selectFrom('event').selectAll().execute(),
  audit: await server.store.db.selectFrom('audit').selectAll().execute(),
  models: await server.store.db.selectFrom('model').selectAll().execute(),
});

type Forgery = Omit<Sent, 'body'> & { readonly body: Buffer };

const HEADERS = Object.values(DELIVERY_HEADERS);

/** What somebody on the way can do to a letter: a bit, a byte, a cut, an addition, a header of another letter. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: fc.nat(),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  }),
  fc.record({ kind: fc.constant('swap' as const), from: fc.nat(), to: fc.nat() }),
  fc.record({
    kind: fc.constant('header' as const),
    name: fc.constantFrom(...HEADERS),
    at: fc.nat(),
    character: fc.integer({ min: 33, max: 126 }),
  }),
  fc.record({ kind: fc.constant('shorten' as const), name: fc.constantFrom(...HEADERS), at: fc.nat() }),
  fc.record({
    kind: fc.constant('mix' as const),
    name: fc.constantFrom(...HEADERS),
    type: fc.constantFrom(...TYPES),
  }),
  fc.record({
    kind: fc.constant('value' as const),
    from: fc.constantFrom('dev-i-1', '"seq":', 'COMPLETED', '240', 'run.'),
    to: fc.string({ maxLength: 12 }),
  }),
);
type Change = typeof change extends fc.Arbitrary<infer C> ? C : never;

function forge({ headers, body: text }: Sent, one: Change, other: Sent): Forgery {
  const body = Buffer.from(text);
  const withHeader = (name: string, value: string): Forgery => ({
    body,
    headers: { ...headers, [name]: value },
  });
  switch (one.kind) {
    case 'flip': {
      const flipped = Buffer.from(body);
      flipped[one.at % body.length]! ^= 1 << one.bit;
      return { headers, body: flipped };
    }
    case 'cut':
      return { headers, body: body.subarray(0, one.at % body.length) };
    case 'insert': {
      const at = one.at % (body.length + 1);
      return { headers, body: Buffer.concat([body.subarray(0, at), one.bytes, body.subarray(at)]) };
    }
    case 'swap': {
      const swapped = Buffer.from(body);
      const [a, b] = [one.from % body.length, one.to % body.length];
      [swapped[a], swapped[b]] = [body[b]!, body[a]!];
      return { headers, body: swapped };
    }
    case 'header': {
      const value = headers[one.name] ?? '';
      const at = one.at % Math.max(1, value.length);
      return withHeader(
        one.name,
        value.slice(0, at) + String.fromCharCode(one.character) + value.slice(at + 1),
      );
    }
    case 'shorten': {
      const value = headers[one.name] ?? '';
      return withHeader(one.name, value.slice(0, one.at % Math.max(1, value.length)));
    }
    case 'mix':
      return withHeader(one.name, other.headers[one.name] ?? '');
    case 'value':
      return { headers, body: Buffer.from(text.replace(one.from, () => one.to)) };
  }
}

const isSame = (forged: Forgery, letter: Sent): boolean =>
  forged.body.equals(Buffer.from(letter.body)) &&
  HEADERS.every((name) => (forged.headers[name] ?? '').trim() === (letter.headers[name] ?? ''));

test('of 10,000 deliveries that were changed on their way none is taken', async () => {
  const before = await kept();
  // Letters that would be taken as they are.
  const letters = TYPES.slice(1).map((type) => host.letter(host.event(type)));
  const other = new SenderDouble(server, SECOND, 'dev-i-2');
  const others = Object.fromEntries(TYPES.map((type) => [type, other.letter(other.event(type))]));
  let sent = 0;
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...letters), change, async (letter, one) => {
      const forged = forge(letter, one, others[one.kind === 'mix' ? one.type : 'run.started']!);
      fc.pre(!isSame(forged, letter));
      sent++;
      const status = await host.post(forged);
      statuses.add(status);
      expect([401, 422]).toContain(status);
    }),
    { numRuns: 10_000 },
  );
  expect(sent).toBeGreaterThanOrEqual(10_000);
  expect(await kept()).toEqual(before);
  // The changes were at fault, and not the letters.
  expect(await host.post(letters[0]!)).toBe(202);
  expect([...statuses].sort()).toEqual([401, 422]);
}, 240_000);

/** Whatever the contract allows to stand in an event, for a run that is somebody else's. */
const forgedEvent = fc.record({
  type: fc.constantFrom(...TYPES),
  seq: fc.oneof(fc.nat({ max: 20 }), fc.maxSafeNat()),
  resumed: fc.boolean(),
  publicKey: fc.constantFrom('own', 'known', 'other'),
  signer: fc.constantFrom('own', 'none', 'replayed', 'other-run'),
  id: fc.oneof(
    fc.nat({ max: 20 }).map((n) => `${RUN}_${n}`),
    fc.uuid(),
  ),
});

test('of what a second host of the environment says in the name of a foreign run nothing is taken', async () => {
  const forger = new SenderDouble(server, DEV, RUN);
  const replayed = host.letter(host.event('run.progress', { seq: 1 })).headers[
    DELIVERY_HEADERS.runSignature
  ]!;
  // It has a run of its own, by the same key of the environment.
  const own = new SenderDouble(server, DEV, 'dev-i-2');
  expect(await own.tell('run.started')).toBe(202);
  const before = await kept();
  await fc.assert(
    fc.asyncProperty(forgedEvent, async ({ type, seq, resumed, publicKey, signer, id }) => {
      const keys = { own: forger.publicKey, known: host.publicKey, other: own.publicKey };
      const more = type === 'run.started' ? { resumed, publicKey: keys[publicKey] } : {};
      // A second later than those of the host: the very same words would be its own.
      const event = { ...forger.event(type), ...more, seq, at: '2026-06-17T12:00:01.000Z' } as RunEvent;
      expect(runEvent.safeParse(event).success).toBe(true);
      const body = JSON.stringify(event);
      const signatures = { own: forger.signed(body), none: null, replayed, 'other-run': own.signed(body) };
      const status = await host.post(forger.letter(event, { id, runSignature: signatures[signer] }));
      expect([409, 422]).toContain(status);
    }),
    { numRuns: 2_000 },
  );
  expect(await kept()).toEqual(before);
  expect(await host.tell('run.heartbeat')).toBe(202);
}, 240_000);
