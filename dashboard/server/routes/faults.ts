/** Turns what the store says of a request into an answer. */
import { HTTPException } from 'hono/http-exception';
import { InputError } from '../errors';

/** For `catch`: what the sender did wrong is a 400. */
export function badRequest(error: unknown): never {
  if (error instanceof InputError) throw new HTTPException(400, { message: error.message });
  throw error;
}

export function found<T>(value: T | undefined, runId: string): T {
  if (value === undefined) throw noRun(runId);
  return value;
}

export const noRun = (runId: string): HTTPException => new HTTPException(404, { message: `no run ${runId}` });
