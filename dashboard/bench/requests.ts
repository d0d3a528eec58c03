/** Times requests over one kept connection, so that every server is asked in the same way. */
import type { ChildProcess } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

export interface Request {
  readonly url: string;
  /** JSON to post. @default - GET */
  readonly body?: object;
  /** @default - nobody's */
  readonly token?: string;
}

/** Milliseconds until the last byte of the answer. @throws Error unless it is 2xx */
export async function timed({ url, body, token }: Request): Promise<number> {
  const started = performance.now();
  const response = await fetch(url, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status} ${text.slice(0, 200)}`);
  return performance.now() - started;
}

/** Asks all of them in turn, round after round, so that what else the machine does meets each alike. */
export async function inTurn<N extends string>(
  requests: Readonly<Record<N, Request>>,
  rounds: number,
): Promise<Record<N, number[]>> {
  const names = Object.keys(requests) as N[];
  for (const name of names) for (let i = 0; i < 3; i++) await timed(requests[name]);
  const taken = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<N, number[]>;
  for (let round = 0; round < rounds; round++)
    for (const name of names) taken[name].push(await timed(requests[name]));
  return taken;
}

/** Nearest rank. @param part such as 0.95 */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!;
}

export const p95 = (values: readonly number[]): number => percentile(values, 0.95);
export const median = (values: readonly number[]): number => percentile(values, 0.5);

const MOST_MS = 120_000;

/** @throws Error when the process ends before, or does not answer in time */
export async function untilAnswers(url: string, server: ChildProcess): Promise<void> {
  const until = Date.now() + MOST_MS;
  while (server.exitCode === null && Date.now() < until) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await delay(50);
  }
  throw new Error(`${url} does not answer`);
}
