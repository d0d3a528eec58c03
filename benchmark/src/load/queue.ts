/** What a server's own queue tells of how many requests it works on at once: the probe for slots that nobody tells. */
import type { Window } from './search';

/** Part of the requests in flight that wait in the server when it takes no more. */
const WAITING = 0.1;

/**
 * Most requests that the server worked on while others waited all through the window: more in flight would only wait with
 * them. Null when none waited, or the server has no page of metrics.
 */
export function admitted({ concurrency, telemetry }: Window): number | null {
  const server = telemetry?.server;
  if (!server || server.waiting.mean < Math.max(1, WAITING * concurrency)) return null;
  return Math.max(1, Math.round(server.running.max));
}

/** By all windows; null when none has shown it. */
export function slotsSeenIn(windows: readonly Window[]): number | null {
  const seen = windows.flatMap((window) => admitted(window) ?? []);
  return seen.length === 0 ? null : Math.max(...seen);
}
