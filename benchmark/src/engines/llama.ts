/** llama.cpp in this process: a model without a server. It works on the CPU; a GPU belongs to Ollama or vLLM. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { InputError } from '../errors';
import {
  type Answer,
  CONTEXT_TOKENS,
  type Description,
  type Engine,
  type Generation,
  type Question,
  RequestFailure,
} from './engine';
import { DEMO_MODEL, DEMO_MODEL_NOTE } from './llama-cpp/demo-model';
import { LlamaCpp } from './llama-cpp/node-llama-cpp';
import type { LoadedModel } from './llama-cpp/loaded-model';
import { Slots } from './llama-cpp/slots';

export interface LlamaOptions {
  /** Of a GGUF file. @default DEMO_MODEL */
  readonly path?: string;
  readonly generation: Generation;
  /** Answers at once. @default DEFAULT_SLOTS */
  readonly slots?: number;
}

/** More share a CPU's few cores without getting more of them. */
export const DEFAULT_SLOTS = Math.min(4, availableParallelism());

/** @throws InputError when llama.cpp or the model cannot be loaded */
export async function openLlama({
  path = DEMO_MODEL,
  generation,
  slots = DEFAULT_SLOTS,
}: LlamaOptions): Promise<LlamaEngine> {
  if (path === DEMO_MODEL && !existsSync(path))
    throw new InputError(
      'engine llama: the demo model is not part of the bundle; allowed: --model and the path of a GGUF file, or --engine',
    );
  const model = await LlamaCpp.load({ path, slots, contextTokens: CONTEXT_TOKENS });
  return new LlamaEngine(model, generation, path === DEMO_MODEL ? [DEMO_MODEL_NOTE] : []);
}

export class LlamaEngine implements Engine {
  private readonly slots: Slots;
  private readonly inFlight = new Set<AbortController>();
  private closing: Promise<void> | undefined;

  constructor(
    private readonly model: LoadedModel,
    private readonly generation: Generation,
    private readonly notes: readonly string[] = [],
  ) {
    this.slots = new Slots(model.slots);
  }

  async describe(): Promise<Description> {
    const { server, slots, identity, notes } = this.model;
    return {
      engine: { name: 'llama', server, slots },
      model: identity,
      notes: [...this.notes, ...notes],
    };
  }

  async ask({ messages }: Question, timeLimitMs: number, onPiece?: () => void): Promise<Answer> {
    if (this.closing) throw cancelled();
    const end = new AbortController();
    const late = new RequestFailure('timeout', `no whole answer within ${timeLimitMs} ms`);
    const timer = setTimeout(() => end.abort(late), timeLimitMs);
    this.inFlight.add(end);
    try {
      return await Promise.race([this.answer(messages, end.signal, onPiece), rejected(end.signal)]);
    } catch (error) {
      if (error instanceof RequestFailure) throw error;
      throw new RequestFailure('client', `llama.cpp: ${(error as Error).message}`);
    } finally {
      clearTimeout(timer);
      this.inFlight.delete(end);
    }
  }

  /** Goes on to the end of what llama.cpp is computing when the signal comes: only then is the slot free. */
  private async answer(
    messages: Question['messages'],
    signal: AbortSignal,
    onPiece?: () => void,
  ): Promise<Answer> {
    const { model, generation } = this;
    const prompt = model.promptOf(messages);
    const mostTokens = Math.min(generation.maxTokens, this.roomAfter(prompt.length));
    const slot = await this.slots.take();
    try {
      signal.throwIfAborted();
      const tokens: number[] = [];
      const pieceAtMs: number[] = [];
      for await (const token of model.answer(slot, prompt, generation)) {
        signal.throwIfAborted();
        tokens.push(token);
        pieceAtMs.push(performance.now());
        onPiece?.();
        if (tokens.length === mostTokens) break;
      }
      const text = model.textOf(tokens);
      return { text, pieceAtMs, promptTokens: prompt.length, outputTokens: tokens.length };
    } finally {
      this.slots.giveBack(slot);
    }
  }

  /** @throws RequestFailure when the prompt leaves none: llama.cpp would drop its beginning */
  private roomAfter(promptTokens: number): number {
    const { contextTokens } = this.model.identity;
    // node-llama-cpp keeps one token of the context free.
    const room = contextTokens - 1 - promptTokens;
    if (room > 0) return room;
    throw new RequestFailure(
      'too-large',
      `the prompt has ${promptTokens} tokens, the context ${contextTokens}`,
    );
  }

  close(): Promise<void> {
    if (!this.closing) {
      for (const end of this.inFlight) end.abort(cancelled());
      this.closing = this.model.dispose();
    }
    return this.closing;
  }
}

const cancelled = (): RequestFailure => new RequestFailure('cancelled', 'the run ended');

const rejected = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as RequestFailure)));
