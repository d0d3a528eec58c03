/** What of a request its figures are made from: a few numbers, because a load pass makes many. */
import { type Answer, type Question, RequestFailure } from '../engines/engine';
import type { Exchange } from '../load/pump';

export interface TimedRequest {
  readonly dueMs: number;
  readonly sentMs: number;
  readonly endMs: number;
  readonly failed: boolean;
  readonly pieceAtMs: readonly number[];
  readonly promptTokens: number | null;
  /** As the server counted, else the pieces that came. */
  readonly outputTokens: number;
}

export function timed<T extends Question>({ dueMs, sentMs, endMs, outcome }: Exchange<T>): TimedRequest {
  if (outcome instanceof RequestFailure)
    return { dueMs, sentMs, endMs, failed: true, pieceAtMs: [], promptTokens: null, outputTokens: 0 };
  return { dueMs, sentMs, endMs, failed: false, ...tokensOf(outcome) };
}

const tokensOf = ({ pieceAtMs, promptTokens, outputTokens }: Answer) => ({
  pieceAtMs,
  promptTokens,
  outputTokens: outputTokens ?? pieceAtMs.length,
});
