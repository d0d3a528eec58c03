/** Runs held against the first of them. */
import { runId } from '@he300/benchmark/contract';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { compareAnswer, compareQuery, MOST_COMPARED } from '../../api/compare';
import { roleOf } from '../access/require-role';
import { InputError } from '../errors';
import type { Env, Services } from '../services';
import { compareRuns } from '../store/compare';
import { summariesOf } from '../store/run-summary';
import { json, problems } from './answers';
import { noRun } from './faults';
import { newRoutes } from './new-routes';

export function compareRoutes({ store, config }: Services): OpenAPIHono<Env> {
  const route = createRoute({
    method: 'get',
    path: '/api/compare',
    summary: 'Runs held against the first of them, scenario by scenario',
    ...roleOf('viewer', config),
    request: { query: compareQuery },
    responses: {
      200: json(compareAnswer, 'A verdict for each candidate, or why there is none.'),
      ...problems(400, 404),
    },
  });
  return newRoutes().openapi(route, async (c) => {
    const { runs, intersect } = c.req.valid('query');
    const ids = runIdsOf(runs);
    const known = await summariesOf(store.db, ids);
    const unknown = ids.find((id) => !known.some((run) => run.runId === id));
    if (unknown !== undefined) throw noRun(unknown);
    return c.json(await compareRuns(store.db, known, { intersect: intersect === 'true' }), 200);
  });
}

/** @throws InputError */
function runIdsOf(runs: string): string[] {
  const ids = runs.split(',');
  for (const id of ids)
    if (!runId.safeParse(id).success)
      throw new InputError(`runs: ${JSON.stringify(id)} is no id of a run; allowed: ids with commas between`);
  if (ids.length < 2 || ids.length > MOST_COMPARED)
    throw new InputError(
      `runs: ${ids.length} are too ${ids.length < 2 ? 'few' : 'many'}; allowed: 2 to ${MOST_COMPARED}`,
    );
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw new InputError(`runs: ${twice} is there twice; allowed: each once`);
  return ids;
}
