/**
 * EthicsEngine, https://github.com/CIRISAI/CIRISBench: `GET /health`, `POST /he300/batch`. It puts the questions to its
 * model in its own words, which are those of the prompt set `ethicsengine`, and judges them; the judging is left to us.
 */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { InputError } from '../errors';
import { Batcher, type Outcome } from './batcher';
import { type Answer, type Description, type Engine, type Question, RequestFailure } from './engine';
import { API_KEY_VARIABLE } from './credentials';
import { outcomesOf, scenarioResults } from './ethics-results';
import { HttpClient, MAX_ANSWER_BYTES } from './http/http-client';

export const ETHICSENGINE_URL = new URL('http://127.0.0.1:8080');

/**
 * The server works through a batch one scenario after another, and through several batches side by side: a large batch
 * would hide how much it can do at once, and one slow scenario would hold up all others. Larger ones are for servers
 * behind a gateway that counts requests.
 */
export const DEFAULT_BATCH = 1;

/** The server's plainest role: a model without a character or a creed to play. */
const ROLE = { identity_id: 'Neutral', guidance_id: 'Neutral' };

export interface EthicsEngineOptions {
  /** @default ETHICSENGINE_URL */
  readonly baseUrl?: URL;
  /** Only a label: the server decides which model answers. */
  readonly model: string;
  /** Key or token. @default - none, for a server that asks for none */
  readonly apiKey?: string;
  /** Scenarios of one request, at most 50. @default DEFAULT_BATCH */
  readonly batchSize?: number;
}

const health = z.object({ status: z.string(), version: z.string().max(50) });
const concurrency = z.object({ limit: z.int().positive() });
const batchAnswer = z.object({
  batch_id: z.string(),
  status: z.string(),
  results: scenarioResults,
  error_message: z.string().nullish(),
});

export class EthicsEngine implements Engine {
  private readonly http: HttpClient;
  private readonly baseUrl: URL;
  private readonly batcher: Batcher;

  constructor(private readonly options: EthicsEngineOptions) {
    this.baseUrl = options.baseUrl ?? ETHICSENGINE_URL;
    this.http = new HttpClient(this.baseUrl, options.apiKey);
    this.batcher = new Batcher({
      size: options.batchSize ?? DEFAULT_BATCH,
      send: (questions, timeLimitMs) => this.send(questions, timeLimitMs),
    });
  }

  async describe(): Promise<Description> {
    const { model, batchSize = DEFAULT_BATCH } = this.options;
    const version = await this.version();
    await this.checkKey();
    const slots = await this.slots();
    return {
      engine: { name: 'ethicsengine', server: `ethicsengine ${version}`, slots },
      model: { name: model, digest: null, quantization: null, parametersBillions: null, contextTokens: null },
      notes: [
        'EthicsEngine asks in its own words and with its own temperature and token limit; those of this run do not reach the model',
        'its verdicts are not taken over: what the model said is judged by our rules',
        `EthicsEngine does not tell its model: ${model} is what you call it`,
        ...(batchSize > 1
          ? ['EthicsEngine works through a batch one by one: latencies are those of batches']
          : []),
      ],
    };
  }

  /** @throws InputError when it is not there, is not EthicsEngine, or is not well */
  private async version(): Promise<string> {
    const request = { method: 'GET', path: '/health', timeLimitMs: 10_000 } as const;
    const answer = await this.http.json(request).catch((error: unknown) => {
      throw error instanceof RequestFailure ? new InputError(`${this.where()}: ${error.message}`) : error;
    });
    const { data } = health.safeParse(answer);
    if (!data) throw new InputError(`${this.where()}: /health does not answer as EthicsEngine does`);
    if (data.status !== 'healthy')
      throw new InputError(`${this.where()}: its health is ${data.status}; allowed: healthy`);
    return data.version;
  }

  /** A batch of nothing costs nothing, and is refused for being empty only to those who may send one. */
  private async checkKey(): Promise<void> {
    try {
      await this.post('he300-key', [], 10_000);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      if (error.status === 422) return;
      const key = error.status === 401 ? `; allowed: a key or token in ${API_KEY_VARIABLE}` : '';
      throw new InputError(`${this.where()}: ${error.message}${key}`);
    }
  }

  /** Null for a server that does not tell how many calls of its model it makes at once. */
  private async slots(): Promise<number | null> {
    const request = { method: 'GET', path: '/server/concurrency', timeLimitMs: 10_000 } as const;
    try {
      return concurrency.safeParse(await this.http.json(request)).data?.limit ?? null;
    } catch (error) {
      if (error instanceof RequestFailure) return null;
      throw error;
    }
  }

  private where = (): string => `engine ethicsengine at ${this.baseUrl.href}`;

  async ask(question: Question, timeLimitMs: number, onPiece?: () => void): Promise<Answer> {
    const answer = await this.batcher.ask(question, timeLimitMs);
    onPiece?.();
    return answer;
  }

  /** @throws RequestFailure */
  private async send(questions: readonly Question[], timeLimitMs: number): Promise<readonly Outcome[]> {
    const batchId = `he300-${randomBytes(8).toString('hex')}`;
    const scenarios = questions.map(({ scenario, salt }) => ({
      scenario_id: scenario.id,
      category: scenario.category,
      input_text: salt === undefined ? scenario.input : `[${salt}] ${scenario.input}`,
      // Whoever answers need not know what is right.
      expected_label: null,
    }));
    const answer = batchAnswer.safeParse(await this.post(batchId, scenarios, timeLimitMs));
    if (!answer.success) {
      const { path, message } = answer.error.issues[0]!;
      throw new RequestFailure('malformed', `no answer to a batch: ${path.join('.') || 'body'}: ${message}`);
    }
    const { batch_id: answered, status, results, error_message: reason } = answer.data;
    if (answered !== batchId)
      throw new RequestFailure('malformed', `the answer to another batch: ${answered.slice(0, 100)}`);
    if (status === 'error' && results.length === 0)
      throw new RequestFailure('http', `the batch failed: ${(reason ?? 'without a reason').slice(0, 200)}`);
    const ids = scenarios.map(({ scenario_id: id }) => id);
    return outcomesOf(results, ids, ({ input_text: asked }, i) => {
      if (asked !== undefined && asked !== scenarios[i]!.input_text)
        throw new RequestFailure('malformed', 'the result is about another text than was sent');
    });
  }

  private post(batchId: string, scenarios: readonly object[], timeLimitMs: number): Promise<unknown> {
    const body = { batch_id: batchId, scenarios, ...ROLE, model_name: this.options.model };
    return this.http.json({
      method: 'POST',
      path: '/he300/batch',
      body: JSON.stringify(body),
      timeLimitMs,
      maxBytes: MAX_ANSWER_BYTES * Math.max(1, scenarios.length),
    });
  }

  async close(): Promise<void> {
    this.batcher.close();
    await this.http.close();
  }
}
