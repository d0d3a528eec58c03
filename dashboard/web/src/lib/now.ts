/** The time, for what says how long ago something was. One clock for the whole page. */
import { useSyncExternalStore } from 'react';

const EVERY_MS = 1000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: number | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, EVERY_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

/** Milliseconds since 1970, in steps, so that a page at rest does not render every second. Never before the true time's last step. */
export function useNow(stepMs = 10_000): number {
  return useSyncExternalStore(
    subscribe,
    () => Math.ceil((timer === undefined ? Date.now() : now) / stepMs) * stepMs,
  );
}
