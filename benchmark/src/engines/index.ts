/** Every engine by its name. Each is loaded only when it is asked for. */
import { InputError } from '../errors';
import type { Engine, Generation } from './engine';

export const ENGINE_NAMES = ['openai', 'ollama'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export interface EngineOptions {
  readonly name: EngineName;
  /** Null takes the engine's default, where it has one. */
  readonly url: string | null;
  readonly model: string;
}

/** The variable that holds the key of a server which demands one: a key on the command line would be seen by others. */
export const API_KEY_VARIABLE = 'HE300_API_KEY';

/** @throws InputError */
export async function openEngine(
  { name, url, model }: EngineOptions,
  generation: Generation,
): Promise<Engine> {
  const apiKey = process.env[API_KEY_VARIABLE] || undefined;
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
