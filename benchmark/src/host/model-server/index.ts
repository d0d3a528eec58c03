/** Every kind of model server that a host may have. */
import { MODEL_SERVER_PORTS, type HostConfig } from '../../contract/host-config';
import { EmbeddedServer } from './embedded-server';
import type { ModelServer, ModelServerContext } from './model-server';
import { OllamaServer } from './ollama-server';
import { OpenAiServer } from './openai-server';

export type { HostModel, ModelServer } from './model-server';

export function modelServerOf(config: HostConfig['modelServer'], context: ModelServerContext): ModelServer {
  const own = (port: number): string => context.ownUrl ?? `http://127.0.0.1:${port}`;
  switch (config.kind) {
    case 'ollama':
      return new OllamaServer(own(MODEL_SERVER_PORTS.ollama), 'ollama.service', context);
    case 'vllm':
      return new OpenAiServer(`${own(MODEL_SERVER_PORTS.vllm)}/v1`, 'vllm.service', context);
    case 'external':
      return config.engine === 'ollama'
        ? new OllamaServer(config.url, null, context)
        : new OpenAiServer(withVersion(config.url), null, context);
    case 'embedded':
      return new EmbeddedServer(context);
  }
}

/** An address alone means the interface's first version, as every such server has it. */
const withVersion = (url: string): string => (new URL(url).pathname === '/' ? new URL('/v1', url).href : url);
