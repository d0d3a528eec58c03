/** What the runner needs of a model server: one small interface, one file an engine. */
import type { Engine as EngineIdentity, Model } from '../contract/provenance';
import type { SampleError } from '../contract/sample';
import type { Scenario } from '../contract/suite';
import type { Message } from '../prompts/prompt-set';

export interface Question {
  readonly scenario: Scenario;
  readonly messages: readonly Message[];
  /** Of a load pass, where it stands in the messages already: no cache may know the question. @default - a scored pass has none */
  readonly salt?: string;
}

export interface Answer {
  /** What the model said, without what the server tells apart as reasoning. */
  readonly text: string;
  /** When each piece of output arrived, reasoning too: `performance.now()`, ascending. One entry when it does not stream. */
  readonly pieceAtMs: readonly number[];
  /** As the server counted; null when it did not tell. */
  readonly promptTokens: number | null;
  readonly outputTokens: number | null;
}

export interface Description {
  readonly engine: EngineIdentity;
  readonly model: Model;
  /** What the user should know of the server's settings, a line each. */
  readonly notes: readonly string[];
}

export interface Engine {
  /** Asks the server what it is. @throws InputError when it cannot be reached or lacks the model */
  describe(): Promise<Description>;

  /** Whether it can never ask this scenario, whatever the server does: that is an error of kind `client`. @default - it can ask all */
  lacks?(scenario: Scenario): boolean;

  /**
   * Asks one question. Any number may be asked at once. `onPiece` is called for each piece of output as it arrives.
   * @throws RequestFailure for whatever a server or a network may do, and nothing else
   */
  ask(question: Question, timeLimitMs: number, onPiece?: () => void): Promise<Answer>;

  /** Ends what is in flight: each rejects as `cancelled`. */
  close(): Promise<void>;
}

/** Context of one slot: enough for the longest scenario of HE-300, its prompt and the answer. */
export const CONTEXT_TOKENS = 4096;

/** How every answer of a run is asked for. */
export interface Generation {
  readonly temperature: number;
  readonly maxTokens: number;
  /** Null leaves it to the server. */
  readonly seed: number | null;
}

/** A request without an answer. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';

  constructor(
    readonly kind: SampleError['kind'],
    message: string,
    /** How long the server asked to be left alone, in milliseconds; undefined when it did not. */
    readonly retryAfterMs?: number,
    /** Of HTTP; undefined when there was none. */
    readonly status?: number,
  ) {
    super(message);
  }
}
