/** Every engine by its name. Each is loaded only when it is asked for. */
import { InputError } from '../errors';
import { apiKey as apiKeyOf, credentials } from './credentials';
import type { Engine, Generation } from './engine';

export const ENGINE_NAMES = ['openai', 'ollama', 'ethicsengine', 'cirisnode'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** Engines whose servers put the questions in words of their own: no prompts of ours reach the model. */
export const WITH_OWN_WORDS: ReadonlySet<EngineName> = new Set(['ethicsengine', 'cirisnode']);

/** Scenarios that EthicsEngine takes in one request. */
export const MOST_IN_BATCH = 50;

export interface EngineOptions {
  readonly name: EngineName;
  /** Null takes the engine's default, where it has one. */
  readonly url: string | null;
  readonly model: string;
  /** Scenarios of one request, for servers that take several. @default - the engine's own */
  readonly batchSize?: number | undefined;
}

/** @throws InputError */
export async function openEngine(
  { name, url, model, batchSize }: EngineOptions,
  generation: Generation,
): Promise<Engine> {
  if (batchSize !== undefined && !WITH_OWN_WORDS.has(name))
    throw new InputError(`engine ${name}: --batch-size; allowed: with ${[...WITH_OWN_WORDS].join(', ')}`);
  const apiKey = apiKeyOf();
  const batch = batchSize === undefined ? {} : { batchSize };
  switch (name) {
    case 'openai': {
      const { OpenAiEngine } = await import('./openai');
      return new OpenAiEngine({
        baseUrl: baseUrlOf(name, url),
        model,
        generation,
        ...(apiKey === undefined ? {} : { apiKey }),
      });
    }
    case 'ethicsengine': {
      const { EthicsEngine } = await import('./ethicsengine');
      return new EthicsEngine({
        model,
        ...batch,
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(url === null ? {} : { baseUrl: baseUrlOf(name, url) }),
      });
    }
    case 'cirisnode': {
      const { CirisNodeEngine } = await import('./cirisnode');
      return new CirisNodeEngine({
        model,
        ...batch,
        credentials: credentials(name),
        ...(url === null ? {} : { baseUrl: baseUrlOf(name, url) }),
      });
    }
    case 'ollama': {
      const { OllamaEngine } = await import('./ollama');
      return new OllamaEngine({
        model,
        generation,
        ...(url === null ? {} : { baseUrl: baseUrlOf(name, url) }),
      });
    }
  }
}

function baseUrlOf(name: EngineName, url: string | null): URL {
  if (url === null)
    throw new InputError(`engine ${name}: no --url; allowed: such as http://127.0.0.1:8000/v1`);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && ['http:', 'https:'].includes(parsed.protocol)) return parsed;
  throw new InputError(`engine ${name}: --url ${url}; allowed: an http or https address`);
}
