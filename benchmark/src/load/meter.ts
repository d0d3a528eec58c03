/** Measures windows of load on a real server: the questions again and again, each salted, answers thrown away. */
import { randomBytes } from 'node:crypto';
import type { Scenario } from '../contract/suite';
import { type Engine, type Question, RequestFailure } from '../engines/engine';
import { InputError } from '../errors';
import { Latencies } from '../measure/latencies';
import { messagesFor, type PromptSet } from '../prompts/prompt-set';
import type { Sampler } from '../telemetry/sampler';
import { Gate } from './gate';
import { pump, type Exchange } from './pump';
import type { Window } from './search';

export interface WindowLimits {
  /** Answers of a window, for each that is in flight. */
  readonly turnovers: number;
  readonly fewestAnswers: number;
  readonly leastSeconds: number;
  /** A slow server's window ends here, when it has given at least one answer for each in flight. */
  readonly mostSeconds: number;
}

export const WINDOW_LIMITS: WindowLimits = {
  turnovers: 3,
  fewestAnswers: 24,
  leastSeconds: 1,
  mostSeconds: 30,
};

export interface MeterOptions {
  readonly engine: Engine;
  readonly scenarios: readonly Scenario[];
  readonly promptSet: PromptSet;
  /** Most that will ever be asked to be in flight. */
  readonly mostConcurrency: number;
  readonly requestTimeLimitMs: number;
  readonly stop: AbortSignal;
  /** Looks at the machines during each window. @default - nobody looks */
  readonly sampler?: Sampler;
  /** @default WINDOW_LIMITS */
  readonly limits?: WindowLimits;
}

interface LoadQuestion extends Question {
  readonly characters: number;
  /** Pieces of output so far. */
  pieces: number;
}

export class LoadMeter {
  private readonly gate = new Gate(1, false);
  private readonly ending = new AbortController();
  private readonly stop: AbortSignal;
  private readonly pumping: Promise<void>;
  private readonly limits: WindowLimits;
  private readonly inFlight = new Set<LoadQuestion>();
  /** Resolves whoever waits for the next answer. */
  private onAnswer: (() => void) | undefined;
  private broken: unknown;

  private asked = 0;
  private answers = 0;
  private failures = 0;
  private lastFailure = '';
  private refusals = 0;
  private tokensDone = 0;
  private promptTokens = 0;
  private promptCharacters = 0;
  private latencies = new Latencies();

  constructor(private readonly options: MeterOptions) {
    this.stop = AbortSignal.any([options.stop, this.ending.signal]);
    this.limits = options.limits ?? WINDOW_LIMITS;
    this.pumping = pump<LoadQuestion>({
      engine: options.engine,
      gate: this.gate,
      loops: options.mostConcurrency,
      next: () => this.next(),
      onExchange: (exchange) => this.exchanged(exchange),
      onPiece: (question) => void question.pieces++,
      onRefusal: () => void this.refusals++,
      timeLimitMs: options.requestTimeLimitMs,
      mostFailures: 1,
      stop: this.stop,
    }).catch((error: unknown) => {
      this.broken = error;
      this.onAnswer?.();
    });
  }

  /** @throws InputError when the server fails, or the run was stopped */
  async measure(concurrency: number, reason: string): Promise<Window> {
    this.gate.want(concurrency, reason);
    // What was in flight before does not belong to this concurrency, nor does the way there.
    await this.until(() => this.inFlight.size <= concurrency);
    const turned = this.answers + concurrency;
    await this.until(() => this.answers >= turned);

    const { sampler } = this.options;
    if (!sampler) return this.window(concurrency);
    const [window, telemetry] = await sampler.during(`load ${concurrency}`, () => this.window(concurrency));
    return { ...window, telemetry };
  }

  private async window(concurrency: number): Promise<Window> {
    const { turnovers, fewestAnswers, leastSeconds, mostSeconds } = this.limits;
    const [fromMs, work, answers, refusals] = [performance.now(), this.work(), this.answers, this.refusals];
    this.latencies = new Latencies();
    const seconds = (): number => (performance.now() - fromMs) / 1000;
    const answered = (): number => this.answers - answers;
    const enough = Math.max(fewestAnswers, turnovers * concurrency);
    await this.until(() =>
      seconds() >= mostSeconds
        ? answered() >= concurrency
        : answered() >= enough && seconds() >= leastSeconds,
    );
    const lasted = seconds();
    return {
      concurrency,
      tokensPerSecond: (this.work() - work) / lasted,
      requestsPerSecond: answered() / lasted,
      p95Ms: this.latencies.percentiles()?.p95 ?? 0,
      refusals: this.refusals - refusals,
    };
  }

  /** Drops what is in flight. */
  async end(): Promise<void> {
    this.ending.abort();
    await this.pumping;
  }

  private next(): LoadQuestion {
    const { scenarios, promptSet } = this.options;
    const scenario = scenarios[this.asked++ % scenarios.length]!;
    const [system, ...rest] = messagesFor(promptSet, scenario);
    // A prefix cache must not know the beginning: else it would answer what the scored pass has to compute.
    const salt = randomBytes(6).toString('hex');
    const salted = { ...system!, content: `[${salt}] ${system!.content}` };
    const messages = [salted, ...rest];
    const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
    const question = { scenario, messages, salt, characters, pieces: 0 };
    this.inFlight.add(question);
    return question;
  }

  private exchanged({ question, outcome, dueMs, endMs }: Exchange<LoadQuestion>): void {
    this.inFlight.delete(question);
    this.answers++;
    if (outcome instanceof RequestFailure) {
      this.failures++;
      this.lastFailure = outcome.message;
    } else {
      const { promptTokens, outputTokens, pieceAtMs } = outcome;
      if (promptTokens !== null) {
        this.promptTokens += promptTokens;
        this.promptCharacters += question.characters;
      }
      this.tokensDone += (promptTokens ?? 0) + (outputTokens ?? pieceAtMs.length);
      this.latencies.record(endMs - dueMs);
    }
    this.onAnswer?.();
  }

  /**
   * Tokens so far, with those of answers that are still coming: else a window would gain or lose what happens to be in
   * flight at its ends. A prompt counts from its first piece of output.
   */
  private work(): number {
    const perCharacter = this.promptCharacters === 0 ? 0 : this.promptTokens / this.promptCharacters;
    let tokens = this.tokensDone;
    for (const { pieces, characters } of this.inFlight)
      if (pieces > 0) tokens += characters * perCharacter + pieces;
    return tokens;
  }

  private async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.broken !== undefined) throw this.broken;
      if (this.stop.aborted) throw new InputError('load: stopped');
      if (this.failures === this.answers && this.failures >= 10)
        throw new InputError(`load: the first ${this.failures} requests all failed: ${this.lastFailure}`);
      await this.nextAnswer();
    }
  }

  private nextAnswer(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.onAnswer = undefined;
        this.stop.removeEventListener('abort', done);
        resolve();
      };
      this.onAnswer = done;
      this.stop.addEventListener('abort', done);
    });
  }
}
