/** Answers to what is asked of a run that is not there. */
import { HTTPException } from 'hono/http-exception';

export function found<T>(value: T | undefined, runId: string): T {
  if (value === undefined) throw noRun(runId);
  return value;
}

export const noRun = (runId: string): HTTPException => new HTTPException(404, { message: `no run ${runId}` });
