/**
 * CIRISNode, https://github.com/CIRISAI/CIRISNode: `POST /api/v1/benchmarks/run` begins a job, whose status and results are
 * asked for until they are there. It has the scenarios itself and asks them through an EthicsEngine; they are named to it
 * by their row. Of its results only the words of the model are taken.
 */
import * as z from 'zod';
import type { Scenario } from '../contract/suite';
import { InputError } from '../errors';
import { Batcher, type Outcome } from './batcher';
import { CirisNodeJob } from './cirisnode-job';
import { CirisNodeSession } from './cirisnode-session';
import { type Credentials, PASSWORD_VARIABLE, USERNAME_VARIABLE } from './credentials';
import { type Answer, type Description, type Engine, type Question, RequestFailure } from './engine';
import { outcomesOf } from './ethics-results';
import { DEFAULT_BATCH } from './ethicsengine';
import { HttpClient } from './http/http-client';

export const CIRISNODE_URL = new URL('http://127.0.0.1:8000');

export interface CirisNodeOptions {
  /** @default CIRISNODE_URL */
  readonly baseUrl?: URL;
  /** Asked for, but a server may take its own. */
  readonly model: string;
  readonly credentials: Credentials;
  /** Scenarios of one job. @default DEFAULT_BATCH */
  readonly batchSize?: number;
  /** From one look at a job to the next: grows from the first to the second. @default [100, 2000] */
  readonly pollMs?: readonly [number, number];
}

/** How the server names the files of ETHICS in the ids of their rows. It has no commonsense_hard. */
const PREFIXES: Readonly<Record<string, string>> = {
  cm_test: 'HE-CM',
  deontology_test: 'HE-DE',
  justice_test: 'HE-JU',
  virtue_test: 'HE-VI',
};

const health = z.object({ version: z.string().max(50) });
const benchmarkHealth = z.object({ eee_enabled: z.boolean() });

export class CirisNodeEngine implements Engine {
  private readonly http: HttpClient;
  private readonly baseUrl: URL;
  private readonly session: CirisNodeSession;
  private readonly batcher: Batcher;
  private readonly closing = new AbortController();

  constructor(private readonly options: CirisNodeOptions) {
    this.baseUrl = options.baseUrl ?? CIRISNODE_URL;
    this.http = new HttpClient(this.baseUrl);
    this.session = new CirisNodeSession(this.http, options.credentials);
    this.batcher = new Batcher({
      size: options.batchSize ?? DEFAULT_BATCH,
      send: (questions, timeLimitMs) => this.send(questions, timeLimitMs),
    });
  }

  async describe(): Promise<Description> {
    const { model, batchSize = DEFAULT_BATCH } = this.options;
    const version = health.safeParse(await this.get('/api/v1/health')).data?.version;
    if (version === undefined)
      throw new InputError(`${this.where()}: /api/v1/health does not answer as CIRISNode does`);
    await this.login();
    const { data } = benchmarkHealth.safeParse(await this.get('/api/v1/benchmarks/he300/health'));
    if (data?.eee_enabled === false)
      throw new InputError(`${this.where()}: it has no EthicsEngine and makes results up; set EEE_ENABLED`);
    return {
      engine: { name: 'cirisnode', server: `cirisnode ${version}`, slots: null },
      model: { name: model, digest: null, quantization: null, parametersBillions: null, contextTokens: null },
      notes: [
        'CIRISNode asks in its own words, with its own copy of ETHICS and its own settings; prompts and generation of this run do not reach the model',
        'its verdicts and its signature are not taken over: what the model said is judged by our rules',
        `CIRISNode may take another model than it was asked for: ${model} is what you call it`,
        'its scenarios cannot be salted: a prefix cache may know them in the load passes, and in the scored pass after those',
        ...(batchSize > 1
          ? ['a job works through its scenarios one by one: latencies are those of jobs']
          : []),
      ],
    };
  }

  private async login(): Promise<void> {
    try {
      await this.session.login(10_000);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      const known =
        error.status === 401 ? `; allowed: the user of ${USERNAME_VARIABLE} and ${PASSWORD_VARIABLE}` : '';
      throw new InputError(`${this.where()}: ${error.message}${known}`);
    }
  }

  /** Undefined for what the server does not have. @throws InputError when it does not answer */
  private async get(path: string): Promise<unknown> {
    try {
      return await this.http.json({ method: 'GET', path, timeLimitMs: 10_000 });
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      if (error.status !== undefined) return undefined;
      throw new InputError(`${this.where()}: ${error.message}`);
    }
  }

  private where = (): string => `engine cirisnode at ${this.baseUrl.href}`;

  lacks(scenario: Scenario): boolean {
    return idAtServer(scenario) === undefined;
  }

  async ask(question: Question, timeLimitMs: number, onPiece?: () => void): Promise<Answer> {
    if (this.lacks(question.scenario))
      throw new RequestFailure('client', `CIRISNode has no id for ${question.scenario.id}`);
    const answer = await this.batcher.ask(question, timeLimitMs);
    onPiece?.();
    return answer;
  }

  /** @throws RequestFailure */
  private async send(questions: readonly Question[], timeLimitMs: number): Promise<readonly Outcome[]> {
    const { model, pollMs } = this.options;
    const scenarios = questions.map(({ scenario }) => scenario);
    const ids = scenarios.map((scenario) => idAtServer(scenario)!);
    const results = await new CirisNodeJob(this.session, {
      scenarioIds: ids,
      model,
      timeLimitMs,
      stop: this.closing.signal,
      ...(pollMs ? { pollMs } : {}),
    }).results();
    return outcomesOf(results, ids, ({ input_text: text, expected_label: label }, i) => {
      const { input, expected } = scenarios[i]!;
      if (typeof label === 'number' && label !== expected)
        throw new RequestFailure('malformed', `${ids[i]!} has label ${label} there and ${expected} here`);
      if (typeof text === 'string' && gist(text) !== gist(input))
        throw new RequestFailure('malformed', `${ids[i]!} is another scenario there than here`);
    });
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.batcher.close();
    await this.http.close();
  }
}

/** Rows are counted from 1 there: `hendrycks_ethics:cm_test:00041` is `HE-CM-0042`. Undefined for what it does not have. */
export function idAtServer({ id }: Pick<Scenario, 'id'>): string | undefined {
  const [source, file, row] = id.split(':');
  const prefix = source === 'hendrycks_ethics' ? PREFIXES[file!] : undefined;
  return prefix && `${prefix}-${String(Number(row) + 1).padStart(4, '0')}`;
}

/** What a text has to be told apart by: the parts of a scenario are named and put together a little differently there. */
const gist = (text: string): string =>
  text.toLowerCase().replaceAll(/\b(?:action|justification|because)\b|[^\p{L}\p{N}]+/gu, '');
