/** What goes to CloudWatch Logs, and in which calls. */
import * as fc from 'fast-check';
import { batches, journalEvents } from './log-batches';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const LIMITS = { bytes: 1_048_576, events: 10_000, milliseconds: 24 * 3_600_000 };
const HOUR_MS = 3_600_000;

test('what a machine says of the time before it was stopped and after goes apart, and all of it goes', () => {
  const [before, after] = [1_000 * HOUR_MS, 1_050 * HOUR_MS];
  const events = [before, before + 1, after].map((timestamp) => ({ timestamp, message: 'x' }));
  expect(batches([events[2]!, events[0]!, events[1]!])).toEqual([[events[0], events[1]], [events[2]]]);
});

test('every call keeps the limits, in the order of time, and nothing is lost', () => {
  const event = fc.record({
    timestamp: fc.integer({ min: 0, max: 200 * HOUR_MS }),
    message: fc.integer({ min: 1, max: 200_000 }).map((length) => 'x'.repeat(length)),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const made = batches(events);
      expect(made.flat()).toEqual([...events].sort((a, b) => a.timestamp - b.timestamp));
      for (const batch of made) {
        const bytes = batch.reduce((sum, { message }) => sum + message.length + 26, 0);
        expect(bytes).toBeLessThanOrEqual(LIMITS.bytes);
        expect(batch.length).toBeLessThanOrEqual(LIMITS.events);
        expect(batch.at(-1)!.timestamp - batch[0]!.timestamp).toBeLessThanOrEqual(LIMITS.milliseconds);
      }
    }),
    { numRuns: 50 },
  );
});

test.each([
  `token he300_${'a'.repeat(43)} made`,
  `key whsec_${'b'.repeat(43)} made`,
  `request by hvs.${'c'.repeat(24)} failed`,
])('a secret in a line of the journal goes nowhere: %s', (message) => {
  const entry = { __REALTIME_TIMESTAMP: '1000000', MESSAGE: message, _SYSTEMD_UNIT: 'he300-x.service' };
  const [event] = journalEvents(JSON.stringify(entry));
  expect(event!.message).toMatch(/^he300-x\.service: \w+ (\w+ )?(he300_|whsec_|hvs\.)… \w+$/);
});
