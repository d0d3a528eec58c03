/**
 * Tells listeners of runs that have changed. The store is asked once a second for all of them, and only while somebody
 * listens: so it does not matter which of several servers on one database wrote the change.
 */
import type { Services } from '../services';
import { runsChangedSince } from '../store/changed-runs';

/** A run as it is now, ready to be sent. */
export interface Change {
  readonly runId: string;
  /** Where a listener that comes back goes on. */
  readonly changedAt: string;
  /** JSON of the run's summary. */
  readonly data: string;
}

export interface Listener {
  /** Last change that it was told of before; null for a new one. */
  readonly since: string | null;
  readonly take: (changes: readonly Change[]) => void;
}

export interface LiveFeed {
  /** @returns ends it */
  listen(listener: Listener): () => void;
}

/** A change is seen up to this long after its time: transactions take a while, and the clocks of two servers differ. */
const OVERLAP_MS = 10_000;
/** What was missed before is not made up for. */
const LONGEST_ABSENCE_MS = 24 * 3_600_000;

export interface FeedOptions {
  /** @default 1000 */
  readonly pollMs?: number;
}

export function liveFeed(
  { store, now, log }: Pick<Services, 'store' | 'now' | 'log'>,
  { pollMs = 1000 }: FeedOptions = {},
): LiveFeed {
  const joining = new Set<Listener>();
  const joined = new Set<Listener>();
  /** What was sent of the time that is asked for again each time, so that it is sent once. */
  const sent = new Map<string, Change>();
  let polling = false;
  let floor = '';
  let wake = (): void => undefined;

  const ago = (ms: number): string => new Date(now().getTime() - ms).toISOString();

  const changesSince = async (since: string): Promise<Change[]> =>
    (await runsChangedSince(store.db, since)).map(({ run, changedAt }) => ({
      ...{ runId: run.runId, changedAt },
      data: JSON.stringify(run),
    }));

  async function poll(): Promise<void> {
    // One after the other: what a listener is told first was read first.
    for (const listener of [...joining]) {
      listener.take(await changesSince(beginOf(listener)));
      if (joining.delete(listener)) joined.add(listener);
    }
    const next = ago(OVERLAP_MS);
    const changes = (await changesSince(floor)).filter(({ runId, data }) => sent.get(runId)?.data !== data);
    floor = next;
    for (const [runId, { changedAt }] of sent) if (changedAt < floor) sent.delete(runId);
    for (const change of changes) sent.set(change.runId, change);
    if (changes.length > 0) for (const listener of joined) listener.take(changes);
  }

  function beginOf({ since }: Listener): string {
    const [usual, earliest] = [ago(OVERLAP_MS), ago(LONGEST_ABSENCE_MS)];
    if (since === null || since > usual) return usual;
    const begin = new Date(Date.parse(since) - OVERLAP_MS).toISOString();
    return begin < earliest ? earliest : begin;
  }

  async function pollWhileHeard(): Promise<void> {
    floor = ago(OVERLAP_MS);
    while (joining.size + joined.size > 0) {
      const rest = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs).unref();
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      try {
        await poll();
      } catch (error) {
        log.error('live updates were not read', { error });
      }
      await rest;
    }
    sent.clear();
    polling = false;
  }

  return {
    listen(listener) {
      joining.add(listener);
      wake();
      if (!polling) {
        polling = true;
        void pollWhileHeard();
      }
      return () => {
        joining.delete(listener);
        if (joined.delete(listener)) wake();
      };
    },
  };
}
