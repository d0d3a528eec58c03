/** Exponential backoff with full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter */
import { setTimeout as timeout } from 'node:timers/promises';

/** Random wait before try `attempt` + 1, in milliseconds. */
export const backoffMs = (attempt: number, baseMs = 250, mostMs = 8_000): number =>
  Math.random() * Math.min(mostMs, baseMs * 2 ** (attempt - 1));

/** Ends early, without an error, when `stop` is given. */
export const sleep = (ms: number, stop: AbortSignal): Promise<void> =>
  timeout(ms, undefined, { signal: stop }).catch(() => undefined);
