/** Calls of the Lambda Cloud API: its pace, its retries, its errors. */

const PRODUCTION = 'https://cloud.lambda.ai';
/** The API takes one request a second. */
const PACE_MS = 1000;
const TIMEOUT_MS = 5000;
const ATTEMPTS = 4;
const FIRST_BACKOFF_MS = 1000;

export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

const realClock: Clock = { now: Date.now, sleep: (ms) => new Promise((done) => setTimeout(done, ms)) };

export interface LambdaCloudClientOptions {
  /** Asked for before each request, so that a key that cannot be had fails the request and nothing else. */
  readonly apiKey: () => Promise<string>;
  /** @default - `LAMBDA_CLOUD_ENDPOINT`, else the production server */
  readonly endpoint?: string | undefined;
  /** @default - the machine's clock */
  readonly clock?: Clock;
}

/** An answer that no retry would change. `code` is the API's stable word for it, empty when it named none. */
export class LambdaCloudError extends Error {
  override readonly name = 'LambdaCloudError';
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

export class LambdaCloudClient {
  private readonly apiKey: () => Promise<string>;
  private readonly endpoint: string;
  private readonly clock: Clock;
  private nextSlotMs = 0;

  constructor({
    apiKey,
    endpoint = process.env.LAMBDA_CLOUD_ENDPOINT || PRODUCTION,
    clock = realClock,
  }: LambdaCloudClientOptions) {
    this.apiKey = apiKey;
    this.endpoint = endpoint;
    this.clock = clock;
  }

  /**
   * The `data` of the answer.
   * @throws LambdaCloudError, or Error in one line when the API was out of reach four times in a row
   */
  async request(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const what = `lambda cloud: ${method} ${path}`;
    const key = await this.apiKey();
    for (let attempt = 1; ; attempt++) {
      const answer = await this.attempt(method, path, key, body);
      if ('data' in answer) return answer.data;
      if (!answer.passing) throw new LambdaCloudError(`${what}: ${answer.failure}`, answer.code);
      if (attempt === ATTEMPTS) throw new Error(`${what}: ${answer.failure}, ${ATTEMPTS} times in a row`);
      // Full jitter on top of the pace: whoever was turned away together does not come back together.
      await this.clock.sleep(Math.random() * FIRST_BACKOFF_MS * 2 ** (attempt - 1));
    }
  }

  private async attempt(method: string, path: string, key: string, body: unknown): Promise<Answer> {
    await this.takeSlot();
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
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      content = await response.json().catch(() => undefined);
    } catch (error) {
      return { passing: true, failure: unreachable(error), code: '' };
    }
    if (response.ok && isObject(content) && 'data' in content) return { data: content.data };
    const code =
      isObject(content) && isObject(content.error) && typeof content.error.code === 'string'
        ? content.error.code
        : '';
    const failure = response.ok ? 'answer without data' : `${response.status} ${code}`.trim();
    return { passing: response.status === 429 || response.status >= 500, failure, code };
  }

  /** Requests of one client wait for one another, also those made at the same time. */
  private async takeSlot(): Promise<void> {
    const now = this.clock.now();
    const slot = Math.max(now, this.nextSlotMs);
    this.nextSlotMs = slot + PACE_MS;
    if (slot > now) await this.clock.sleep(slot - now);
  }
}

type Answer =
  { readonly data: unknown } | { readonly passing: boolean; readonly failure: string; readonly code: string };

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function unreachable(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS} ms`;
  const { cause } = error;
  return `no answer (${isObject(cause) && typeof cause.code === 'string' ? cause.code : error.message})`;
}
