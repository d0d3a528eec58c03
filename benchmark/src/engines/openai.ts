/** Any server that speaks OpenAI's chat completions with streaming: vLLM, llama-server, Ollama, TGI, a vendor. */
import * as z from 'zod';
import { InputError } from '../errors';
import {
  type Answer,
  type Description,
  type Engine,
  type Generation,
  type Question,
  RequestFailure,
} from './engine';
import { EventStreamParser } from './http/event-stream';
import { HttpClient } from './http/http-client';
import { serverBehind } from './http/server-facts';

export interface OpenAiOptions {
  /** With the version's path, such as `http://127.0.0.1:8000/v1`. */
  readonly baseUrl: URL;
  readonly model: string;
  readonly apiKey?: string;
  readonly generation: Generation;
}

/** What of a chunk is read. Checked by hand: this runs once a token. */
interface Chunk {
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: unknown;
      readonly reasoning_content?: unknown;
      readonly reasoning?: unknown;
    };
  }[];
  readonly usage?: { readonly prompt_tokens?: unknown; readonly completion_tokens?: unknown } | null;
  readonly error?: { readonly message?: unknown } | string;
}

const modelList = z.object({
  data: z.array(z.object({ id: z.string(), max_model_len: z.int().positive().nullish() })),
});

export class OpenAiEngine implements Engine {
  private readonly http: HttpClient;
  /** The body of a request up to its messages: the same for all. */
  private readonly bodyStart: string;

  constructor(private readonly options: OpenAiOptions) {
    const { model, generation } = options;
    this.http = new HttpClient(options.baseUrl, options.apiKey);
    const fixed = {
      model,
      stream: true,
      stream_options: { include_usage: true },
      temperature: generation.temperature,
      max_tokens: generation.maxTokens,
      ...(generation.seed === null ? {} : { seed: generation.seed }),
    };
    this.bodyStart = `${JSON.stringify(fixed).slice(0, -1)},"messages":`;
  }

  async describe(): Promise<Description> {
    const { baseUrl, model } = this.options;
    const found = (await this.models()).find(({ id }) => names(id, model));
    const server = await serverBehind(baseUrl);
    return {
      engine: { name: 'openai', server: server.name, slots: server.slots },
      model: {
        name: model,
        digest: null,
        quantization: null,
        parametersBillions: null,
        contextTokens: found?.max_model_len ?? server.contextTokens,
      },
      notes: found ? [] : ['the server does not list its models, so the name was not checked'],
    };
  }

  /** Empty where the server has no list. @throws InputError when the server lacks the model or does not answer */
  private async models(): Promise<z.infer<typeof modelList>['data']> {
    const { baseUrl, model } = this.options;
    try {
      const list = modelList.safeParse(
        await this.http.json({ method: 'GET', path: '/models', timeLimitMs: 10_000 }),
      );
      const models = list.data?.data ?? [];
      if (models.length === 0 || models.some(({ id }) => names(id, model))) return models;
      throw new InputError(`model: ${model}; allowed: ${models.map(({ id }) => id).join(', ')}`);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      // Some servers have completions and no list.
      if (error.message.startsWith('HTTP 404')) return [];
      throw new InputError(`engine openai at ${baseUrl.href}: ${error.message}`);
    }
  }

  async ask({ messages }: Question, timeLimitMs: number, onPiece?: () => void): Promise<Answer> {
    const reading = new Reading(onPiece);
    const parser = new EventStreamParser((data) => reading.event(data));
    await this.http.stream(
      {
        method: 'POST',
        path: '/chat/completions',
        body: `${this.bodyStart}${JSON.stringify(messages)}}`,
        timeLimitMs,
      },
      (chunk) => parser.push(chunk),
    );
    return reading.answer();
  }

  close(): Promise<void> {
    return this.http.close();
  }
}

/** Ollama lists every model with its tag, and takes the usual tag for granted where none is asked for. */
const names = (id: string, model: string): boolean => id === model || id === `${model}:latest`;

/** An answer as its chunks come in. */
class Reading {
  private text = '';
  private readonly pieceAtMs: number[] = [];
  private promptTokens: number | null = null;
  private outputTokens: number | null = null;
  private done = false;

  constructor(private readonly onPiece?: () => void) {}

  /** @throws RequestFailure */
  event(data: string): void {
    if (data === '') return;
    if (data === '[DONE]') {
      this.done = true;
      return;
    }
    const { choices, usage, error } = chunkOf(data);
    if (error !== undefined) {
      const message = typeof error === 'string' ? error : String(error.message);
      throw new RequestFailure('http', `the server broke off: ${message.slice(0, 200)}`);
    }
    const delta = choices?.[0]?.delta;
    if (delta) this.piece(delta.content, delta.reasoning_content ?? delta.reasoning);
    if (usage) {
      this.promptTokens = countOf(usage.prompt_tokens);
      this.outputTokens = countOf(usage.completion_tokens);
    }
  }

  private piece(content: unknown, reasoning: unknown): void {
    const said = typeof content === 'string' && content !== '';
    if (said) this.text += content;
    if (!said && (typeof reasoning !== 'string' || reasoning === '')) return;
    this.pieceAtMs.push(performance.now());
    this.onPiece?.();
  }

  answer(): Answer {
    if (!this.done) throw new RequestFailure('malformed', 'the stream ended before its last event');
    const { text, pieceAtMs, promptTokens, outputTokens } = this;
    return { text, pieceAtMs, promptTokens, outputTokens };
  }
}

function chunkOf(data: string): Chunk {
  try {
    const chunk: unknown = JSON.parse(data);
    if (typeof chunk === 'object' && chunk !== null) return chunk;
  } catch {
    // Told below, as for JSON that is no object.
  }
  throw new RequestFailure(
    'malformed',
    `an event is not a JSON object: ${JSON.stringify(data.slice(0, 100))}`,
  );
}

const countOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
