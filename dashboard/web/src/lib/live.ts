/** Live updates over server-sent events, with a connection that comes back by itself. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import type { LIVE_PATH } from '../../../api/live';
import type { RunSummary } from '../../../api/run';
import { liveCache } from './live-cache';

const PATH: typeof LIVE_PATH = '/api/live';
/** The server says something at least every 15 s: three silences, and the connection is taken for dead. */
const SILENCE_MS = 45_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

export type LiveStatus = 'off' | 'connecting' | 'live' | 'broken';

let status: LiveStatus = 'off';
const listeners = new Set<() => void>();
function become(next: LiveStatus): void {
  if (next === status) return;
  status = next;
  for (const listener of listeners) listener();
}

export const useLiveStatus = (): LiveStatus =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => status,
  );

interface Handlers {
  readonly onRun: (run: RunSummary) => void;
  /** The connection stands again after a gap. */
  readonly onReturn: () => void;
}

/** Listens until the function that it returns is called. */
export function listen({ onRun, onReturn }: Handlers): () => void {
  let source: EventSource | undefined;
  let timer: number | undefined;
  let failures = 0;
  let gap = false;

  const wait = (ms: number, then: () => void) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(then, ms);
  };
  const heard = () => wait(SILENCE_MS, reconnect);

  function connect(): void {
    source = new EventSource(PATH);
    wait(SILENCE_MS, reconnect);
    source.onopen = () => {
      if (gap) onReturn();
      failures = 0;
      gap = false;
      become('live');
      heard();
    };
    source.addEventListener('run', (event: MessageEvent<string>) => {
      heard();
      onRun(JSON.parse(event.data) as RunSummary);
    });
    source.addEventListener('ping', heard);
    // The browser's own retry gives up on an answer that is not 200, so the retry is made here for every cause.
    source.onerror = reconnect;
  }

  function reconnect(): void {
    source?.close();
    gap = true;
    become('broken');
    const longest = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++);
    wait(longest * (0.5 + Math.random() / 2), connect);
  }

  const now = () => {
    if (status === 'broken') wait(0, connect);
  };
  window.addEventListener('online', now);
  become('connecting');
  connect();
  return () => {
    window.removeEventListener('online', now);
    window.clearTimeout(timer);
    source?.close();
    become('off');
  };
}

/** Keeps the answers on the screen up to date, while somebody may read. */
export function useLiveUpdates(enabled: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!enabled) return;
    const cache = liveCache(client);
    return listen({ onRun: cache.take, onReturn: cache.refresh });
  }, [client, enabled]);
}
