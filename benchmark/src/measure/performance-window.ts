/** The figures of one stretch of time. docs/metrics.md defines each. */
import type { PerformanceWindow } from '../contract/performance';
import { Latencies } from './latencies';
import type { TimedRequest } from './timed-request';

/** What a request must keep to count as good output. */
export interface Objective {
  readonly firstTokenMs?: number | undefined;
  readonly endToEndMs?: number | undefined;
}

const NO_LATENCY = { p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0 };

/** Of the requests that ended in (`fromMs`, `toMs`]. */
export function windowOf(
  requests: readonly TimedRequest[],
  fromMs: number,
  toMs: number,
  objective?: Objective,
): PerformanceWindow {
  const ended = requests.filter(({ endMs }) => endMs > fromMs && endMs <= toMs);
  const answered = ended.filter(({ failed }) => !failed);
  const seconds = Math.max(0, toMs - fromMs) / 1000;
  const perSecond = (count: number): number => (seconds === 0 ? 0 : count / seconds);
  const counted = answered.every(({ promptTokens }) => promptTokens !== null);

  const [firstToken, interToken, perToken, endToEnd, queue] = Array.from(
    { length: 5 },
    () => new Latencies(),
  ) as [Latencies, Latencies, Latencies, Latencies, Latencies];
  for (const { dueMs, sentMs, endMs, pieceAtMs, outputTokens } of answered) {
    endToEnd.record(endMs - dueMs);
    queue.record(sentMs - dueMs);
    if (pieceAtMs.length > 0) firstToken.record(pieceAtMs[0]! - dueMs);
    for (let i = 1; i < pieceAtMs.length; i++) interToken.record(pieceAtMs[i]! - pieceAtMs[i - 1]!);
    if (pieceAtMs.length > 1 && outputTokens > 1)
      perToken.record((pieceAtMs.at(-1)! - pieceAtMs[0]!) / (outputTokens - 1));
  }
  return {
    seconds,
    requests: ended.length,
    errors: ended.length - answered.length,
    requestsPerSecond: perSecond(answered.length),
    promptTokensPerSecond: counted ? perSecond(sum(answered, ({ promptTokens }) => promptTokens!)) : null,
    outputTokensPerSecond: perSecond(sum(answered, ({ outputTokens }) => outputTokens)),
    timeToFirstTokenMs: firstToken.percentiles(),
    interTokenMs: interToken.percentiles(),
    timePerOutputTokenMs: perToken.percentiles(),
    endToEndMs: endToEnd.percentiles() ?? NO_LATENCY,
    queueMs: queue.percentiles() ?? NO_LATENCY,
    goodput:
      objective && ended.length > 0
        ? answered.filter((r) => keeps(r, objective)).length / ended.length
        : null,
  };
}

const sum = (requests: readonly TimedRequest[], of: (request: TimedRequest) => number): number =>
  requests.reduce((total, request) => total + of(request), 0);

function keeps({ dueMs, endMs, pieceAtMs }: TimedRequest, { firstTokenMs, endToEndMs }: Objective): boolean {
  if (endToEndMs !== undefined && endMs - dueMs > endToEndMs) return false;
  if (firstTokenMs === undefined) return true;
  return pieceAtMs.length > 0 && pieceAtMs[0]! - dueMs <= firstTokenMs;
}
