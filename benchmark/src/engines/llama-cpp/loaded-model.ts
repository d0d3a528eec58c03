/** What the engine `llama` needs of a model that is in memory. */
import type { Model } from '../../contract/provenance';
import type { Message } from '../../prompts/prompt-set';
import type { Generation } from '../engine';

/** A token's id in the vocabulary of its model. */
export type TokenId = number;

export interface LoadedModel {
  /** Name and version of what computes. */
  readonly server: string;
  readonly identity: Model & { readonly contextTokens: number };
  /** Answers that it works on at once. */
  readonly slots: number;
  /** What the user should know, a line each. */
  readonly notes: readonly string[];

  /** A conversation as the model was taught to read it, up to where its answer begins. */
  promptOf(messages: readonly Message[]): readonly TokenId[];

  /**
   * Tokens of an answer as they are computed, until the model ends it. No other answer may be under way in the slot; the
   * slot is free again when the iterator has ended or returned.
   */
  answer(slot: number, prompt: readonly TokenId[], generation: Generation): AsyncIterable<TokenId>;

  textOf(tokens: readonly TokenId[]): string;

  /** What is under way ends with an error. */
  dispose(): Promise<void>;
}
