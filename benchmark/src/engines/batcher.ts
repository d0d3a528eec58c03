/**
 * Puts questions that are asked at the same time into one request, for servers that take several. The runner asks one
 * question at a time and many at once; so the engines of such servers keep the one interface of all, and a batch is what
 * happens to be asked together.
 */
import { type Answer, type Question, RequestFailure } from './engine';

/** What became of one question of a batch. */
export type Outcome = Answer | RequestFailure;

export interface BatcherOptions {
  /** Most questions of one request. */
  readonly size: number;
  /** How long the first question of a batch waits for others. @default 5 */
  readonly lingerMs?: number;
  /**
   * Asks all, and resolves to one outcome a question in their order.
   * @throws RequestFailure for what befell them all
   */
  readonly send: (questions: readonly Question[], timeLimitMs: number) => Promise<readonly Outcome[]>;
}

interface Waiting {
  readonly question: Question;
  readonly timeLimitMs: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export class Batcher {
  private readonly waiting: Waiting[] = [];
  /** Questions whose batch failed: one of them may have been the reason, so each is asked by itself the next time. */
  private readonly alone = new WeakSet<Question>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: BatcherOptions) {}

  /** @param timeLimitMs for this question: a batch may take as long as all of its questions one after another */
  ask(question: Question, timeLimitMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const entry: Waiting = { question, timeLimitMs, resolve, reject };
      if (this.options.size === 1 || this.alone.has(question)) {
        void this.send([entry]);
        return;
      }
      // A load pass asks the same scenario again and again, and answers are told apart by it.
      if (this.waiting.some((other) => other.question.scenario.id === question.scenario.id)) this.flush();
      this.waiting.push(entry);
      if (this.waiting.length === this.options.size) this.flush();
      else this.timer ??= setTimeout(() => this.flush(), this.options.lingerMs ?? 5);
    });
  }

  /** Rejects what waits; what was sent is the sender's to end. */
  close(): void {
    clearTimeout(this.timer);
    for (const { reject } of this.waiting.splice(0)) reject(new RequestFailure('cancelled', 'the run ended'));
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    void this.send(this.waiting.splice(0));
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    const limitMs = batch.reduce((sum, { timeLimitMs }) => sum + timeLimitMs, 0);
    try {
      const questions = batch.map(({ question }) => question);
      const outcomes = await this.options.send(questions, limitMs);
      batch.forEach((entry, i) => this.settle(entry, outcomes[i]!, batch.length));
    } catch (error) {
      for (const entry of batch) this.settle(entry, error, batch.length);
    }
  }

  private settle({ question, resolve, reject }: Waiting, outcome: unknown, together: number): void {
    if (!(outcome instanceof Error)) {
      resolve(outcome as Answer);
      return;
    }
    const shared = together > 1 && outcome instanceof RequestFailure;
    if (shared && outcome.kind !== 'overloaded') this.alone.add(question);
    // What is too large for a batch may be small enough for one.
    const final = shared && outcome.kind === 'too-large';
    reject(
      final ? new RequestFailure('malformed', `in a batch of ${together}: ${outcome.message}`) : outcome,
    );
  }
}
