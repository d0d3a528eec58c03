import { generateKeyPairSync, sign } from 'node:crypto';
import { receiverDouble, type ReceiverDouble } from '../../../test/support/receiver.double';
import { exampleEvents } from '../contract/examples';
import { publicKeyOf } from '../run/signing';
import { StoreDouble } from './aws/store.double';
import { deliverKept } from './deliver';
import { Secret } from './log/secret';

const RUN = exampleEvents['run.started'].runId;
const webhookKey = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const { privateKey } = generateKeyPairSync('ed25519');
const KEPT = `runs/${RUN}/events/0000.jsonl`;

const events = [
  { ...exampleEvents['run.started'], publicKey: publicKeyOf(privateKey) },
  { ...exampleEvents['run.heartbeat'], seq: 1 },
  { ...exampleEvents['run.failed'], seq: 2 },
];

/** As a host leaves them. */
function kept(fates: readonly string[]): string {
  const lines = events.map((event, i) => {
    const body = JSON.stringify(event);
    const runSignature = sign(null, Buffer.from(body), privateKey).toString('base64');
    return JSON.stringify({
      id: `${RUN}_${event.seq}`,
      type: event.type,
      seq: event.seq,
      fate: fates[i],
      body,
      runSignature,
    });
  });
  return lines.map((line) => `${line}\n`).join('');
}

let receiver: ReceiverDouble;
let store: StoreDouble;
let refused: number | undefined;
beforeEach(async () => {
  refused = undefined;
  receiver = await receiverDouble({ webhookKey, dashboardToken: 'token', refuse: () => refused });
  store = new StoreDouble();
});
afterEach(() => receiver.close());

const deliver = () =>
  deliverKept(RUN, { store, url: receiver.url, key: new Secret(webhookKey), attempts: 1 });
const fates = () =>
  store.objects
    .get(KEPT)!
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { fate: string }).fate);

test('what waits is delivered, in order, once, and that is written down', async () => {
  await store.put(KEPT, kept(['waiting', 'waiting', 'waiting']));
  expect(await deliver()).toBe(3);
  expect(receiver.runs.get(RUN)).toMatchObject({ state: 'FAILED', events });
  expect(fates()).toEqual(['sent', 'sent', 'sent']);
  expect(await deliver()).toBe(0);
  expect(receiver.violations).toEqual([]);
});

test('what arrived before, or can never be taken, is left alone', async () => {
  await store.put(KEPT, kept(['sent', 'refused', 'waiting']));
  expect(await deliver()).toBe(1);
  expect(receiver.deliveries).toEqual([{ id: `${RUN}_2`, status: 202 }]);
});

test('one that is not taken keeps back those after it, and what was delivered stays so', async () => {
  await store.put(KEPT, kept(['waiting', 'waiting', 'waiting']));
  refused = 503;
  await expect(deliver()).rejects.toThrow(`deliver: the dashboard does not take ${RUN}_0: HTTP 503`);
  expect(fates()).toEqual(['waiting', 'waiting', 'waiting']);
  refused = undefined;
  expect(await deliver()).toBe(3);
});

test('a run that nobody knows, and a file that is no list of events, are said', async () => {
  await expect(deliver()).rejects.toThrow(`deliver: no events of ${RUN} in the bucket`);
  await store.put(KEPT, 'hello\n');
  await expect(deliver()).rejects.toThrow(`deliver: ${KEPT}, line 1: no event`);
});
