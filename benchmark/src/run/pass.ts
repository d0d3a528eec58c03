/** Asks scenarios, judges the answers, and writes each down: the scored pass, and the one at concurrency 1. */
import type { Sample } from '../contract/sample';
import type { Scenario } from '../contract/suite';
import { type Answer, type Engine, type Question, RequestFailure } from '../engines/engine';
import type { Breaker } from '../load/breaker';
import { type ConcurrencyChange, Gate } from '../load/gate';
import { type Exchange, pump } from '../load/pump';
import { timed, type TimedRequest } from '../measure/timed-request';
import { oneLine } from '../one-line';
import { messagesFor, messagesSha256, type PromptSet } from '../prompts/prompt-set';
import { judge } from '../scoring/judge';

/** Failed requests of one scenario before that is its outcome. */
const MOST_FAILURES = 3;

const MOST_CHARACTERS = 65_536;

export interface PassOptions {
  readonly engine: Engine;
  readonly promptSet: PromptSet;
  readonly pass: Sample['pass'];
  readonly concurrency: number;
  readonly requestTimeLimitMs: number;
  readonly onSample: (sample: Sample, request: TimedRequest) => void;
  readonly stop: AbortSignal;
  readonly breaker?: Breaker;
}

export interface PassReport {
  readonly requests: readonly TimedRequest[];
  readonly changes: readonly ConcurrencyChange[];
  readonly startedMs: number;
  readonly endedMs: number;
}

interface Indexed extends Question {
  readonly index: number;
}

/** A scenario of the sample and its place in it. */
export interface Placed {
  readonly index: number;
  readonly scenario: Scenario;
}

/** @throws InputError when the server is gone for good, or the sample log cannot be written */
export async function askAll(scenarios: readonly Placed[], options: PassOptions): Promise<PassReport> {
  const { engine, promptSet, pass, concurrency, requestTimeLimitMs, onSample, stop, breaker } = options;
  const startedMs = performance.now();
  const requests: TimedRequest[] = [];
  const gate = new Gate(concurrency);
  let next = 0;

  const keep = (exchange: Exchange<Indexed>): void => {
    const request = timed(exchange);
    requests.push(request);
    onSample(sampleOf(exchange, promptSet, pass), request);
  };
  // An error is the scenario's own only when the server has answered something after it: else it may be the server's end,
  // and the scenario is asked again when the run is resumed.
  const doubtful: Exchange<Indexed>[] = [];
  const settle = (): void => doubtful.splice(0).forEach(keep);

  await pump<Indexed>({
    engine,
    gate,
    loops: Math.min(concurrency, scenarios.length),
    next: () => {
      const placed = scenarios[next++];
      return placed && { ...placed, messages: messagesFor(promptSet, placed.scenario) };
    },
    onExchange: (exchange) => {
      if (exchange.outcome instanceof RequestFailure) {
        doubtful.push(exchange);
      } else {
        settle();
        keep(exchange);
      }
    },
    timeLimitMs: requestTimeLimitMs,
    mostFailures: MOST_FAILURES,
    stop,
    ...(breaker ? { breaker } : {}),
  });
  if (!stop.aborted) settle();
  return { requests, changes: gate.changes, startedMs, endedMs: performance.now() };
}

function sampleOf(exchange: Exchange<Indexed>, promptSet: PromptSet, pass: Sample['pass']): Sample {
  const { question, dueMs, sentMs, endMs, outcome, attempts, concurrency } = exchange;
  const { index, scenario, messages } = question;
  const { words } = promptSet.categories[scenario.category];
  const failed = outcome instanceof RequestFailure;
  const answer: Answer = failed
    ? { text: '', pieceAtMs: [], promptTokens: null, outputTokens: null }
    : outcome;
  return {
    schema: 'he300.sample/v1',
    index,
    scenarioId: scenario.id,
    category: scenario.category,
    pass,
    expected: scenario.expected,
    promptSha256: messagesSha256(messages),
    answer: answer.text.slice(0, MOST_CHARACTERS),
    judgement: failed
      ? { outcome: 'error', predicted: null, rule: null }
      : judge(answer.text, scenario, words),
    error: failed ? { kind: outcome.kind, message: oneLine(outcome.message).slice(0, 500) } : null,
    attempts,
    concurrency,
    promptTokens: answer.promptTokens,
    outputTokens: answer.outputTokens,
    timing: {
      scheduledAt: utc(dueMs),
      queueMs: rounded(sentMs - dueMs),
      firstTokenMs: answer.pieceAtMs.length > 0 ? rounded(answer.pieceAtMs[0]! - dueMs) : null,
      endToEndMs: rounded(endMs - dueMs),
    },
  };
}

/** From the clock that never jumps, and when it was started: a clock set meanwhile changes nothing. */
export const utc = (nowMs: number): string => new Date(performance.timeOrigin + nowMs).toISOString();

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
