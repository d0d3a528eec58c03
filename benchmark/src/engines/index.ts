/** Every engine by its name. Each is loaded only when it is asked for. */
import { InputError } from '../errors';
import { API_KEY_VARIABLE, apiKey as apiKeyOf, credentials } from './credentials';
import type { Engine, Generation } from './engine';
import { serverAddress } from './http/server-address';

export const ENGINE_NAMES = ['llama', 'openai', 'ollama', 'ethicsengine', 'cirisnode'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** The one that needs no server. */
export const DEFAULT_ENGINE: EngineName = 'llama';

/** Engines whose servers put the questions in words of their own: no prompts of ours reach the model. */
export const WITH_OWN_WORDS: ReadonlySet<EngineName> = new Set(['ethicsengine', 'cirisnode']);

/** Scenarios that EthicsEngine takes in one request. */
export const MOST_IN_BATCH = 50;

export interface EngineOptions {
  readonly name: EngineName;
  /** Null takes the engine's default, where it has one. */
  readonly url: string | null;
  /** Null takes the engine's default, where it has one; a GGUF file's path for `llama`. */
  readonly model: string | null;
  /** Scenarios of one request, for servers that take several. @default - the engine's own */
  readonly batchSize?: number | undefined;
  /** Answers that `llama` works on at once. @default - by the cores */
  readonly llamaSlots?: number | undefined;
}

/** @throws InputError */
export async function openEngine(
  { name, url, model, batchSize, llamaSlots }: EngineOptions,
  generation: Generation,
): Promise<Engine> {
  if (batchSize !== undefined && !WITH_OWN_WORDS.has(name))
    throw new InputError(`engine ${name}: --batch-size; allowed: with ${[...WITH_OWN_WORDS].join(', ')}`);
  if (llamaSlots !== undefined && name !== 'llama')
    throw new InputError(`engine ${name}: --llama-slots; allowed: with llama`);
  const apiKey = apiKeyOf();
  const batch = batchSize === undefined ? {} : { batchSize };
  switch (name) {
    case 'llama': {
      if (url !== null)
        throw new InputError(
          `engine llama: --url ${url}; allowed: none, because the model is in this process`,
        );
      const { openLlama } = await import('./llama');
      return openLlama({
        generation,
        ...(model === null ? {} : { path: model }),
        ...(llamaSlots === undefined ? {} : { slots: llamaSlots }),
      });
    }
    case 'openai': {
      const { OpenAiEngine } = await import('./openai');
      return new OpenAiEngine({
        baseUrl: baseUrlOf(name, url),
        model: modelOf(name, model),
        generation,
        ...(apiKey === undefined ? {} : { apiKey }),
      });
    }
    case 'ethicsengine': {
      const { EthicsEngine } = await import('./ethicsengine');
      return new EthicsEngine({
        model: modelOf(name, model),
        ...batch,
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(url === null ? {} : { baseUrl: baseUrlOf(name, url) }),
      });
    }
    case 'cirisnode': {
      const { CirisNodeEngine } = await import('./cirisnode');
      return new CirisNodeEngine({
        model: modelOf(name, model),
        ...batch,
        credentials: credentials(name),
        ...(url === null ? {} : { baseUrl: baseUrlOf(name, url) }),
      });
    }
    case 'ollama': {
      const { OllamaEngine } = await import('./ollama');
      return new OllamaEngine({
        model: modelOf(name, model),
        generation,
        ...(url === null ? {} : { baseUrl: baseUrlOf(name, url) }),
      });
    }
  }
}

function modelOf(name: EngineName, model: string | null): string {
  if (model !== null) return model;
  throw new InputError(`engine ${name}: no --model; allowed: a model, as the server names it`);
}

function baseUrlOf(name: EngineName, url: string | null): URL {
  if (url === null)
    throw new InputError(`engine ${name}: no --url; allowed: such as http://127.0.0.1:8000/v1`);
  return serverAddress(url, `engine ${name}: --url`, API_KEY_VARIABLE);
}
