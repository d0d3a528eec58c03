/** Calls of the Lambda Cloud API: its pace, its retries, its errors. */
import { Pace, realClock, takeTurn, type Clock } from './pace';

const PRODUCTION = 'https://cloud.lambda.ai';
/** What the API's document allows an account. */
const REQUESTS_PER_SECOND = 1;
const LAUNCHES_PER_MINUTE = 5;
const TIMEOUT_MS = 5000;
const ATTEMPTS = 4;
const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 8000;
const MAX_DETAIL = 200;

export const LAUNCH_PATH = '/api/v1/instance-operations/launch';

export interface LambdaCloudClientOptions {
  /** Asked for before each request, so that a key that cannot be had fails the request and nothing else. */
  readonly apiKey: () => Promise<string>;
  /** @default - `LAMBDA_CLOUD_ENDPOINT`, else the production server */
  readonly endpoint?: string | undefined;
  /** @default - `LAMBDA_CLOUD_REQUESTS_PER_SECOND`, else 1 */
  readonly requestsPerSecond?: number | undefined;
  /** @default - `LAMBDA_CLOUD_LAUNCHES_PER_MINUTE`, else 5 */
  readonly launchesPerMinute?: number | undefined;
  /** How often a request is made that is turned away or not answered. @default 4 */
  readonly attempts?: number | undefined;
  /** @default - the machine's clock */
  readonly clock?: Clock | undefined;
}

export type Method = 'GET' | 'POST' | 'PATCH';

export interface RequestOptions {
  readonly body?: unknown;
  /** Whether a second request does no harm where the first was heard and its answer lost. @default true */
  readonly repeatable?: boolean;
  /** @default 5000 */
  readonly timeoutMs?: number;
}

/** An answer that no retry would change. */
export class LambdaCloudError extends Error {
  override readonly name = 'LambdaCloudError';
  constructor(
    message: string,
    /** The API's stable word for it, empty when it named none. */
    readonly code: string,
    /** What the API says to people, in one line without the key; empty when it says nothing. */
    readonly detail = '',
  ) {
    super(message);
  }
}

/** No answer that tells the outcome: the request may have taken effect all the same. */
export class LambdaCloudUnavailable extends Error {
  override readonly name = 'LambdaCloudUnavailable';
}

export class LambdaCloudClient {
  readonly clock: Clock;
  private readonly apiKey: () => Promise<string>;
  private readonly endpoint: string;
  private readonly attempts: number;
  private readonly requests: Pace;
  private readonly launches: Pace;

  /** @throws Error when a rate in the process's environment is none */
  constructor({
    apiKey,
    endpoint = process.env.LAMBDA_CLOUD_ENDPOINT || PRODUCTION,
    requestsPerSecond = rate('LAMBDA_CLOUD_REQUESTS_PER_SECOND', REQUESTS_PER_SECOND),
    launchesPerMinute = rate('LAMBDA_CLOUD_LAUNCHES_PER_MINUTE', LAUNCHES_PER_MINUTE),
    attempts = ATTEMPTS,
    clock = realClock,
  }: LambdaCloudClientOptions) {
    this.apiKey = apiKey;
    this.endpoint = endpoint;
    this.attempts = attempts;
    this.clock = clock;
    this.requests = new Pace(1000 / requestsPerSecond);
    this.launches = new Pace(60_000 / launchesPerMinute);
  }

  /**
   * The `data` of the answer.
   * @throws LambdaCloudError, or LambdaCloudUnavailable when every attempt was turned away or not answered, or one where
   * the request is not repeatable
   */
  async request(
    method: Method,
    path: string,
    { body, repeatable = true, timeoutMs = TIMEOUT_MS }: RequestOptions = {},
  ): Promise<unknown> {
    const what = `lambda cloud: ${method} ${path}`;
    const key = usableKey(await this.apiKey());
    for (let attempt = 1; ; attempt++) {
      await takeTurn(this.clock, path === LAUNCH_PATH ? [this.requests, this.launches] : [this.requests]);
      const answer = await this.attempt(method, path, key, body, timeoutMs);
      if ('data' in answer) return answer.data;
      const { failure, code, detail } = answer;
      if (!repeatable && answer.mayHaveWorked) throw new LambdaCloudUnavailable(`${what}: ${failure}`);
      if (!answer.passing) throw new LambdaCloudError(`${what}: ${failure}`, code, detail);
      if (attempt === this.attempts)
        throw new LambdaCloudUnavailable(`${what}: ${failure}, ${attempt} times in a row`);
      // Full jitter on top of the pace: whoever was turned away together does not come back together.
      await this.clock.sleep(Math.random() * Math.min(FIRST_BACKOFF_MS * 2 ** (attempt - 1), MAX_BACKOFF_MS));
    }
  }

  private async attempt(
    method: string,
    path: string,
    key: string,
    body: unknown,
    timeoutMs: number,
  ): Promise<Answer> {
    let response: Response;
    let content: unknown;
    try {
      response = await fetch(new URL(path, this.endpoint), {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          accept: 'application/json',
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        // A redirect would carry the key to wherever it points.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      content = await response.json().catch(() => undefined);
    } catch (error) {
      return { ...NO_ANSWER, failure: unreachable(error, timeoutMs) };
    }
    const { ok, status } = response;
    if (ok && isObject(content) && 'data' in content) return { data: content.data };
    if (ok) return { ...NO_ANSWER, passing: false, failure: 'answer without data' };
    const tooFast = status === 429;
    const error = isObject(content) && isObject(content.error) ? content.error : {};
    const code = typeof error.code === 'string' ? error.code : '';
    const broken = status >= 500 || PASSING_CODES.test(code);
    return {
      passing: tooFast || broken,
      mayHaveWorked: broken && !tooFast,
      failure: `${status} ${code}`.trim(),
      code,
      detail: typeof error.message === 'string' ? detailOf(error.message, key) : '',
    };
  }
}

/** Of the providers behind Lambda, and of faults of its own, which come with 409 as well. */
const PASSING_CODES = /^(?:provider\/|global\/internal-error$)/;

interface Failure {
  /** Whether another attempt may go better. */
  readonly passing: boolean;
  /** Whether the request may have taken effect all the same. */
  readonly mayHaveWorked: boolean;
  readonly failure: string;
  readonly code: string;
  readonly detail: string;
}
type Answer = { readonly data: unknown } | Failure;

const NO_ANSWER = { passing: true, mayHaveWorked: true, code: '', detail: '' } as const;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** @throws Error for a key that no header can carry: `fetch` would refuse it in words that show it */
function usableKey(key: string): string {
  const trimmed = key.trim();
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed;
  throw new LambdaCloudError(
    `lambda cloud: the API key is ${trimmed ? 'not plain text' : 'empty'}; allowed: visible ASCII characters`,
    '',
  );
}

const detailOf = (message: string, key: string): string =>
  message.replaceAll(key, '[key]').replace(/\s+/g, ' ').trim().slice(0, MAX_DETAIL);

function rate(variable: string, otherwise: number): number {
  const text = process.env[variable];
  if (!text) return otherwise;
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new LambdaCloudError(`${variable}: '${text}'; allowed: a number above 0`, '');
}

function unreachable(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const { cause } = error;
  return `no answer (${isObject(cause) && typeof cause.code === 'string' ? cause.code : error.message})`;
}
