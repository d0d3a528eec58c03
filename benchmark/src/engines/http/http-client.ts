/** HTTP to one server: many requests at once, each with one deadline, whose bodies are handed on as they arrive. */
import { isUtf8 } from 'node:buffer';
import type { Dispatcher, errors } from 'undici';
import { RequestFailure } from '../engine';
import { Connections } from './connections';
import { retryAfterMs } from './retry-after';

/** An answer larger than this is not one of HE-300: nothing of a word and a sentence. */
export const MAX_ANSWER_BYTES = 1024 * 1024;

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Below the base URL, with a leading slash. */
  readonly path: string;
  readonly body?: string;
  /** @default application/json */
  readonly contentType?: string;
  /** Besides what every request carries. @default - none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Asks over a connection that ends with it, so that a server of several processes may answer by another one. @default false */
  readonly ownConnection?: boolean;
  /** From now to the last byte. */
  readonly timeLimitMs: number;
  /** @default 1 MiB */
  readonly maxBytes?: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export class HttpClient {
  private readonly connections: Connections;
  private readonly basePath: string;
  private readonly headers: Record<string, string>;

  /** @param baseUrl with or without a path, such as `http://127.0.0.1:8000/v1` */
  constructor(
    private readonly baseUrl: URL,
    bearer?: string,
  ) {
    this.basePath = baseUrl.pathname.replace(/\/+$/, '');
    this.headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
    // The deadline of each request is the only time limit; how many are in flight is the caller's to say.
    this.connections = new Connections(baseUrl.origin, { headersTimeout: 0, bodyTimeout: 0 });
  }

  /**
   * Resolves when the last byte of a 2xx came. `onBody` may throw a RequestFailure to end the request with it.
   * @throws RequestFailure
   */
  stream(request: HttpRequest, onBody: (chunk: Buffer) => void): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const connection = this.connections.take();
      const free = (): void => this.connections.giveBack(connection);
      const exchange = new Exchange(this.baseUrl.host, request, onBody, resolve, reject, free);
      connection.dispatch(
        {
          method: request.method,
          path: `${this.basePath}${request.path}`,
          body: request.body ?? null,
          reset: request.ownConnection ?? false,
          headers:
            request.body === undefined
              ? { ...this.headers, ...request.headers }
              : {
                  ...this.headers,
                  'content-type': request.contentType ?? 'application/json',
                  ...request.headers,
                },
        },
        exchange,
      );
    });
  }

  /** The whole body as text. @throws RequestFailure */
  async text(request: HttpRequest): Promise<HttpResponse & { readonly body: string }> {
    const chunks: Buffer[] = [];
    const response = await this.stream(request, (chunk) => void chunks.push(chunk));
    const bytes = Buffer.concat(chunks);
    if (!isUtf8(bytes)) throw new RequestFailure('malformed', `${request.path} did not answer UTF-8`);
    return { ...response, body: bytes.toString('utf8') };
  }

  /** @throws RequestFailure, `malformed` when the body is no JSON */
  async json(request: HttpRequest): Promise<unknown> {
    return (await this.jsonWithStatus(request)).json;
  }

  /** As `json`, for servers that tell something by which 2xx it is. */
  async jsonWithStatus(request: HttpRequest): Promise<{ readonly status: number; readonly json: unknown }> {
    const { status, body } = await this.text(request);
    try {
      return { status, json: JSON.parse(body) };
    } catch {
      throw new RequestFailure('malformed', `${request.path} did not answer JSON: ${quoted(body)}`);
    }
  }

  /** Ends what is in flight as `cancelled`. */
  async close(): Promise<void> {
    await this.connections.destroy(new RequestFailure('cancelled', 'the run ended'));
  }
}

/** One request and what comes back. */
class Exchange implements Dispatcher.DispatchHandler {
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | undefined;
  private response: HttpResponse | undefined;
  private failed: string | undefined;
  private bytes = 0;
  private over = false;

  constructor(
    private readonly host: string,
    private readonly request: HttpRequest,
    private readonly onBody: (chunk: Buffer) => void,
    private readonly resolve: (response: HttpResponse) => void,
    private readonly reject: (failure: RequestFailure) => void,
    /** The connection is of use again. */
    private readonly free: () => void,
  ) {
    const { timeLimitMs } = request;
    this.timer = setTimeout(
      () => this.fail(new RequestFailure('timeout', `no whole answer within ${timeLimitMs} ms`)),
      timeLimitMs,
    );
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // Waited for a connection until it was too late.
    if (this.over) controller.abort(new Error('over'));
  }

  onResponseStart(_: unknown, status: number, headers: HttpResponse['headers']): void {
    this.response = { status, headers };
    if (status < 200 || status > 299) this.failed = '';
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    if (this.over) return;
    if (this.failed !== undefined) {
      // What a server says of a failure is of use up to a line.
      if (this.failed.length < 2_000) this.failed += chunk.toString('utf8');
      return;
    }
    this.bytes += chunk.length;
    const limit = this.request.maxBytes ?? MAX_ANSWER_BYTES;
    if (this.bytes > limit) return this.fail(new RequestFailure('too-large', `answer above ${limit} bytes`));
    try {
      this.onBody(chunk);
    } catch (error) {
      this.fail(
        error instanceof RequestFailure ? error : new RequestFailure('malformed', (error as Error).message),
      );
    }
  }

  onResponseEnd(): void {
    this.free();
    if (this.over) return;
    const response = this.response!;
    if (this.failed !== undefined) return this.fail(failureOf(response, this.failed));
    this.finish();
    this.resolve(response);
  }

  onResponseError(_: unknown, error: Error): void {
    this.free();
    if (!this.over) this.fail(this.failureFrom(error));
  }

  private fail(failure: RequestFailure): void {
    if (this.over) return;
    this.finish();
    this.reject(failure);
    this.controller?.abort(failure);
  }

  private finish(): void {
    this.over = true;
    clearTimeout(this.timer);
  }

  private failureFrom(error: Error): RequestFailure {
    if (error instanceof RequestFailure) return error;
    const { name, code, message } = error as errors.UndiciError;
    const what = message || code;
    // Nothing was answered where no connection came about; an answer that broke off is malformed.
    if (this.response) return new RequestFailure('malformed', `the answer broke off: ${what}`);
    if (name === 'HTTPParserError') return new RequestFailure('malformed', `not HTTP: ${what}`);
    return new RequestFailure('refused', `no answer from ${this.host}: ${what}`);
  }
}

function failureOf({ status, headers }: HttpResponse, body: string): RequestFailure {
  const overloaded = status === 429 || status === 503;
  const retryAfter = overloaded ? retryAfterMs(headers['retry-after'], Date.now()) : undefined;
  return new RequestFailure(
    overloaded ? 'overloaded' : 'http',
    `HTTP ${status}: ${quoted(body)}`,
    retryAfter,
    status,
  );
}

/** One line of at most 200 characters. */
const quoted = (text: string): string =>
  text
    .replaceAll(/[\u0000-\u001f\u007f\s]+/g, ' ')
    .trim()
    .slice(0, 200) || '(nothing)';
