/** Delivers events that a host left in the bucket because its dashboard was gone: under the same ids, so each counts once. */
import * as z from 'zod';
import { InputError } from '../errors';
import { backoffMs } from '../load/backoff';
import { setTimeout as delay } from 'node:timers/promises';
import type { Store } from './aws/s3';
import { eventsPrefix } from './continuity/layout';
import type { Secret } from './log/secret';
import { ServerClock } from './report/server-clock';
import { deliver, type Outcome } from './report/webhook';

const keptEvent = z.object({
  id: z.string(),
  type: z.string(),
  seq: z.int(),
  fate: z.enum(['waiting', 'sent', 'refused']),
  body: z.string(),
  runSignature: z.string().nullable(),
});
type KeptEvent = z.infer<typeof keptEvent>;

export interface DeliverOptions {
  readonly store: Store;
  readonly url: string;
  readonly key: Secret;
  /** Of one event. @default 5 */
  readonly attempts?: number;
}

/**
 * Returns how many were delivered.
 * @throws InputError when there are none of the run, or the dashboard does not take one: those after it wait
 */
export async function deliverKept(runId: string, options: DeliverOptions): Promise<number> {
  const { store } = options;
  const keys = await store.list(eventsPrefix(runId));
  if (keys.length === 0) throw new InputError(`deliver: no events of ${runId} in the bucket`);
  const clock = new ServerClock();
  let delivered = 0;
  for (const key of keys) {
    const events = parse((await store.get(key))?.toString() ?? '', key);
    const fates = events.map(({ fate }) => fate);
    try {
      for (const [i, event] of events.entries()) {
        if (event.fate !== 'waiting') continue;
        await patiently(event, clock, options);
        fates[i] = 'sent';
        delivered++;
      }
    } finally {
      const lines = events.map((event, i) => `${JSON.stringify({ ...event, fate: fates[i] })}\n`);
      await store.put(key, lines.join(''), 'application/jsonl');
    }
  }
  return delivered;
}

async function patiently(event: KeptEvent, clock: ServerClock, options: DeliverOptions): Promise<void> {
  const { url, key, attempts = 5 } = options;
  for (let attempt = 1; ; attempt++) {
    const outcome: Outcome = await deliver(event, { url, key, clock });
    if (outcome.kind === 'arrived') return;
    const again = outcome.kind === 'later' || (outcome.kind === 'unauthorized' && attempt === 1);
    if (!again || attempt >= attempts)
      throw new InputError(`deliver: the dashboard does not take ${event.id}: ${outcome.why}`);
    await delay(backoffMs(attempt));
  }
}

function parse(text: string, key: string): KeptEvent[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line, i) => {
      try {
        return keptEvent.parse(JSON.parse(line));
      } catch {
        throw new InputError(`deliver: ${key}, line ${i + 1}: no event`);
      }
    });
}
