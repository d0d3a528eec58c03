/** Ollama's own interface, https://github.com/ollama/ollama/blob/main/docs/api.md: it tells the model's digest and context. */
import * as z from 'zod';
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
import { HttpClient, type HttpRequest } from './http/http-client';
import { JsonLinesParser } from './http/json-lines';
import { localServerEnvironment } from './ollama-environment';

export const OLLAMA_URL = new URL('http://127.0.0.1:11434');

export interface OllamaOptions {
  /** @default OLLAMA_URL */
  readonly baseUrl?: URL;
  readonly model: string;
  readonly generation: Generation;
  /**
   * Tokens of context of one slot. Told to the server with every request: it would load the model anew for a request with
   * another context, and its own default depends on the GPU. @default CONTEXT_TOKENS
   */
  readonly contextTokens?: number;
}

/** What Ollama does when `OLLAMA_NUM_PARALLEL` is not set. */
const DEFAULT_SLOTS = 1;

const tags = z.object({ models: z.array(z.object({ name: z.string(), digest: z.string() })) });
const show = z.object({
  details: z.object({ parameter_size: z.string(), quantization_level: z.string() }).partial().optional(),
  model_info: z.record(z.string(), z.unknown()).optional(),
});

/** What Ollama says of weights that are not quantized, and of kinds that it does not know. */
const NONE_KNOWN = 'unknown';

const quantizationOf = (level: string | undefined): string | null =>
  level === undefined || level === NONE_KNOWN ? null : level;

/** What of a line is read. */
interface Line {
  readonly message?: { readonly content?: unknown; readonly thinking?: unknown };
  readonly done?: unknown;
  readonly prompt_eval_count?: unknown;
  readonly eval_count?: unknown;
  readonly error?: unknown;
}

export class OllamaEngine implements Engine {
  private readonly http: HttpClient;
  private readonly baseUrl: URL;
  private readonly bodyEnd: string;

  constructor(private readonly options: OllamaOptions) {
    const { baseUrl = OLLAMA_URL, model, generation, contextTokens = CONTEXT_TOKENS } = options;
    this.baseUrl = baseUrl;
    this.http = new HttpClient(baseUrl);
    const fixed = {
      model,
      stream: true,
      // The model stays loaded for the whole run.
      keep_alive: '1h',
      options: {
        temperature: generation.temperature,
        num_predict: generation.maxTokens,
        num_ctx: contextTokens,
        ...(generation.seed === null ? {} : { seed: generation.seed }),
      },
    };
    this.bodyEnd = `,${JSON.stringify(fixed).slice(1)}`;
  }

  async describe(): Promise<Description> {
    const { model, contextTokens = CONTEXT_TOKENS } = this.options;
    const { version } = await this.get('/api/version', z.object({ version: z.string() }));
    const { models } = await this.get('/api/tags', tags);
    const found = models.find(({ name }) => name === model || name === `${model}:latest`);
    if (!found) {
      const allowed = models.map(({ name }) => name).join(', ') || 'none is there; ollama pull one';
      throw new InputError(`model: ${model}; allowed: ${allowed}`);
    }
    const { details, model_info: info } = await this.post('/api/show', { model }, show);
    const parameters = info?.['general.parameter_count'];
    const { slots, notes } = this.slots();
    return {
      engine: { name: 'ollama', server: `ollama ${version}`, slots },
      model: {
        name: model,
        digest: found.digest,
        quantization: quantizationOf(details?.quantization_level),
        parametersBillions: typeof parameters === 'number' && parameters > 0 ? parameters / 1e9 : null,
        contextTokens,
      },
      notes,
    };
  }

  /** Ollama tells its slots to nobody, but where it runs on this machine its environment can be read. */
  private slots(): { slots: number | null; notes: string[] } {
    const environment = localServerEnvironment(this.baseUrl);
    if (!environment)
      return {
        slots: null,
        notes: ['the slots of this Ollama cannot be read from here; the search goes without them'],
      };
    const value = Number(environment.get('OLLAMA_NUM_PARALLEL') ?? 0);
    if (Number.isInteger(value) && value > 0) return { slots: value, notes: [] };
    return {
      slots: DEFAULT_SLOTS,
      notes: ['OLLAMA_NUM_PARALLEL is not set for this Ollama: it works on one request at a time'],
    };
  }

  private get = <T>(path: string, shape: z.ZodType<T>): Promise<T> =>
    this.own({ method: 'GET', path, timeLimitMs: 10_000 }, shape);

  private post = <T>(path: string, body: unknown, shape: z.ZodType<T>): Promise<T> =>
    this.own({ method: 'POST', path, body: JSON.stringify(body), timeLimitMs: 10_000 }, shape);

  /** @throws InputError when the server does not answer as Ollama does */
  private async own<T>(request: HttpRequest, shape: z.ZodType<T>): Promise<T> {
    const where = `engine ollama at ${this.baseUrl.href}`;
    try {
      // A model's templates and tensors may be told too.
      const answer = shape.safeParse(await this.http.json({ ...request, maxBytes: 64 * 1024 * 1024 }));
      if (answer.success) return answer.data;
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      throw new InputError(`${where}: ${error.message}`);
    }
    throw new InputError(`${where}: ${request.path} does not answer as Ollama does`);
  }

  async ask({ messages }: Question, timeLimitMs: number, onPiece?: () => void): Promise<Answer> {
    const reading = new Reading(onPiece);
    const parser = new JsonLinesParser((line) => reading.line(line as Line));
    await this.http.stream(
      {
        method: 'POST',
        path: '/api/chat',
        body: `{"messages":${JSON.stringify(messages)}${this.bodyEnd}`,
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

class Reading {
  private text = '';
  private readonly pieceAtMs: number[] = [];
  private last: Line | undefined;

  constructor(private readonly onPiece?: () => void) {}

  /** @throws RequestFailure */
  line(line: Line): void {
    if (line.error !== undefined)
      throw new RequestFailure('http', `the server broke off: ${String(line.error).slice(0, 200)}`);
    const { content, thinking } = line.message ?? {};
    const said = typeof content === 'string' && content !== '';
    if (said) this.text += content;
    if (said || (typeof thinking === 'string' && thinking !== '')) {
      this.pieceAtMs.push(performance.now());
      this.onPiece?.();
    }
    if (line.done === true) this.last = line;
  }

  answer(): Answer {
    if (!this.last) throw new RequestFailure('malformed', 'the stream ended before its last line');
    const { prompt_eval_count: prompt, eval_count: output } = this.last;
    return {
      text: this.text,
      pieceAtMs: this.pieceAtMs,
      promptTokens: typeof prompt === 'number' ? prompt : null,
      outputTokens: typeof output === 'number' ? output : null,
    };
  }
}
