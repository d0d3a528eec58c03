/** The empty app that every file of routes begins with. What does not validate is answered with 400 and one line. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type * as z from 'zod';
import type { Env } from '../services';

export function newRoutes(): OpenAPIHono<Env> {
  return new OpenAPIHono<Env>({
    defaultHook: (result, c) =>
      result.success ? undefined : c.json({ error: firstProblem(result.error) }, 400),
  });
}

function firstProblem({ issues }: Pick<z.ZodError, 'issues'>): string {
  const { path, message } = issues[0]!;
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}
