/** Talks to the server: JSON in and out, its one-line errors, and the token that guards changes against forgery. */
import type { Problem } from '../../../api/primitives';

/** An answer that is not 2xx, with the server's own words; status 0: no answer came. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export const CSRF_HEADER = 'he300-csrf';
let csrfToken: string | null = null;
/** The session's answer brings it; whatever changes something sends it back. */
export const rememberCsrfToken = (token: string | null): void => void (csrfToken = token);

type Parameters = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A path with those parameters that have a value. */
export function withQuery(path: string, parameters: Parameters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  return query.size === 0 ? path : `${path}?${query}`;
}

export const getJson = <T>(path: string, signal?: AbortSignal): Promise<T> =>
  answer<T>(path, signal ? { signal } : {});

/** `T` is `undefined` where the server answers 204. */
export function sendJson<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = {};
  if (csrfToken !== null) headers[CSRF_HEADER] = csrfToken;
  if (body === undefined) return answer<T>(path, { method, headers });
  headers['content-type'] = 'application/json';
  return answer<T>(path, { method, headers, body: JSON.stringify(body) });
}

async function answer<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, { ...init, credentials: 'same-origin' }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'the server cannot be reached');
  });
  if (!response.ok) throw new ApiError(response.status, await reason(response));
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function reason(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => null)) as Partial<Problem> | null;
  return problem?.error ?? `the server answered ${response.status} ${response.statusText}`.trim();
}
