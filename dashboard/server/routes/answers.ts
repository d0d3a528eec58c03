/** How routes tell in the OpenAPI document what they answer. */
import type * as z from 'zod';
import { problem } from '../../api/primitives';

export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

const PROBLEMS = {
  400: 'What was sent does not validate.',
  401: 'Nobody is signed in, or the token is not valid.',
  403: 'The role may not do this, or another site asked for it.',
  404: 'There is no such thing.',
  409: 'It is not in a state for this.',
  413: 'Too large.',
  422: 'It was understood, and cannot be taken.',
} as const;

type Problem = keyof typeof PROBLEMS;

/** The answers that are thrown (`HTTPException`), with those that every route can give. */
export function problems<const S extends Problem>(...statuses: readonly S[]) {
  const of = (description: string) => json(problem, description);
  return {
    401: of(PROBLEMS[401]),
    403: of(PROBLEMS[403]),
    429: of('Too many requests; `retry-after` says when to come again.'),
    ...(Object.fromEntries(statuses.map((status) => [status, of(PROBLEMS[status])])) as Record<
      S,
      ReturnType<typeof of>
    >),
  };
}
