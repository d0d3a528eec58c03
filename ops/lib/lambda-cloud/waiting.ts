/** Waiting by the API's clock, which a test moves by hand. */
import type { Clock } from '../../../constructs/lifetime/reaper/clouds/pace';

/** Waits, but not past the moment at which `signal` aborts. @throws the signal's reason, then or when it was too late */
export async function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  if (!signal) return clock.sleep(ms);
  let stop!: () => void;
  const aborted = new Promise<void>((resolve) => (stop = resolve));
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race([clock.sleep(ms), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
}

export const minutes = (count: number): number => count * 60_000;
