import type { RunEvent } from '@he300/benchmark/contract';
import fc from 'fast-check';
import { testServer, type TestServer } from '../test-services';
import { newKey, SenderDouble, type Sent } from './sender.double';
import { setWebhookKey } from './webhook-keys';

const DEV = newKey('d');

let server: TestServer;
beforeEach(async () => {
  server = await testServer();
  await setWebhookKey(server, { environment: 'dev', key: DEV, overlapHours: 24 }, 'test');
});
afterEach(() => server.close());

const middle = fc.array(fc.constantFrom('run.progress', 'run.heartbeat'), { maxLength: 5 });
const end = fc.constantFrom('run.completed', 'run.failed', 'run.cancelled');
let count = 0;

/** Of one host, in the order in which it happened. @param done how far each progress is */
function lettersOf(host: SenderDouble, types: readonly string[]): Sent[] {
  return types.map((type, i) => {
    const event = host.event(type as RunEvent['type'], { ...(type === 'run.progress' ? { done: i } : {}) });
    return host.letter(event);
  });
}

/** Without what is each run's own. */
async function stateOf(host: SenderDouble) {
  const { id: _, public_key, started, ended, ...row } = (await host.row())!;
  return { ...row, isRegistered: public_key !== null, started: started !== null, ended: ended !== null };
}

const newHost = () => new SenderDouble(server, DEV, `dev-i-${++count}`);

test('whatever comes twice or late, a run ends as it does in order, and each event is kept once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 2 }),
      middle,
      end,
      fc.infiniteStream(fc.nat()),
      async (early, types, last, random) => {
        const all = [...Array<string>(early).fill('run.heartbeat'), 'run.started', ...types, last];
        const [inOrder, disturbed] = [newHost(), newHost()];
        for (const letter of lettersOf(inOrder, all)) expect(await inOrder.post(letter)).toBe(202);
        const letters = lettersOf(disturbed, all);
        for (const [i, letter] of letters.entries()) {
          expect(await disturbed.post(letter)).toBe(202);
          // Anything from before, again and again.
          for (let again = random.next().value % 3; again > 0; again--)
            expect(await disturbed.post(letters[random.next().value % (i + 1)]!)).toBe(200);
        }
        expect(await stateOf(disturbed)).toEqual(await stateOf(inOrder));
        expect(await disturbed.events()).toHaveLength(letters.length);
      },
    ),
    { numRuns: 40 },
  );
}, 240_000);

test('in whatever order the events of a run that has begun come, it ends in the state of its end', async () => {
  await fc.assert(
    fc.asyncProperty(middle, end, fc.infiniteStream(fc.nat()), async (types, last, random) => {
      const [inOrder, shuffled] = [newHost(), newHost()];
      const all = ['run.started', ...types, last];
      for (const letter of lettersOf(inOrder, all)) await inOrder.post(letter);
      const [start, ...others] = lettersOf(shuffled, all);
      expect(await shuffled.post(start!)).toBe(202);
      const left = [...others, ...others];
      while (left.length > 0) {
        const [letter] = left.splice(random.next().value % left.length, 1);
        expect([200, 202]).toContain(await shuffled.post(letter!));
      }
      const told = ['state', 'correct', 'accuracy', 'ended', 'ended_at', 'whole', 'last_seq'] as const;
      const [expected, seen] = [await stateOf(inOrder), await stateOf(shuffled)];
      for (const name of told) expect([name, seen[name]]).toEqual([name, expected[name]]);
      expect(await shuffled.events()).toHaveLength(all.length);
    }),
    { numRuns: 40 },
  );
}, 240_000);

test('a host that tries again until it is heard gets a resumed run through, whoever comes first', async () => {
  await fc.assert(
    fc.asyncProperty(
      middle,
      middle,
      end,
      fc.infiniteStream(fc.boolean()),
      async (types, more, last, turns) => {
        const first = newHost();
        const second = new SenderDouble(server, DEV, first.runId);
        const firsts = lettersOf(first, ['run.started', ...types]);
        firsts.push(first.letter(first.event('run.failed', { interrupted: true })));
        second.seq = first.seq;
        const resumed = second.letter(second.event('run.started', { resumed: true }));
        const seconds = [resumed, ...lettersOf(second, [...more, last])];
        await first.post(firsts.shift()!);
        while (firsts.length + seconds.length > 0) {
          const queue = (turns.next().value && seconds.length > 0) || firsts.length === 0 ? seconds : firsts;
          const status = await first.post(queue[0]!);
          // The second one waits while the first one is heard.
          expect(queue === seconds && firsts.length > 0 ? [409] : [202]).toContain(status);
          if (status === 202) queue.shift();
        }
        const state = { 'run.completed': 'COMPLETED', 'run.failed': 'FAILED', 'run.cancelled': 'CANCELLED' }[
          last
        ];
        expect(await first.row()).toMatchObject({ state, public_key: second.publicKey });
      },
    ),
    { numRuns: 25 },
  );
}, 240_000);
