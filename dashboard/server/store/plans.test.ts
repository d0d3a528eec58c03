/** How SQLite finds what is asked for: a list that read whole tables would be fast in every test, and slow at 10,000 runs. */
import { CompiledQuery, Kysely } from 'kysely';
import { RUN_SORTS, runQuery } from '../../api/run';
import { sampleQuery } from '../../api/sample';
import { runsChangedSince } from './changed-runs';
import { compareRuns } from './compare';
import { addCompleteRun, addPrompt, addSamples, minute } from './filled';
import { migrate } from './migrate';
import { leaderboard } from './models';
import { overviewOf } from './overview';
import { runDetailOf } from './run-detail';
import { runEventPageOf } from './run-events';
import { summariesOf } from './run-summary';
import { runPageOf } from './runs';
import { samplePageOf } from './samples';
import { sqliteDialect } from './sqlite';
import type { Tables } from './tables';
import { trendOf } from './trends';

let asked: CompiledQuery[] = [];
const db = new Kysely<Tables>({
  dialect: sqliteDialect(':memory:'),
  log: ({ query }) => void asked.push(query as CompiledQuery),
});

beforeAll(async () => {
  await migrate({ kind: 'sqlite', db });
  await addPrompt(db);
  for (let i = 0; i < 4; i++) {
    await addCompleteRun(db, `dev-${i}`, { ended_at: minute(i), model: 'm', cost_usd: i % 2 ? i : null });
    await addSamples(db, `dev-${i}`, i % 2 ? '+-' : '-+');
  }
});
afterAll(() => db.destroy());

/** The steps of all queries that the work asks, as SQLite plans them. */
async function planOf(work: () => Promise<unknown>): Promise<string[]> {
  asked = [];
  await work();
  const queries = asked.filter(({ sql }) => sql.startsWith('select'));
  expect(queries.length).toBeGreaterThan(0);
  const steps: string[] = [];
  for (const { sql, parameters } of queries) {
    const query = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
    const { rows } = await db.executeQuery<{ detail: string }>(query);
    steps.push(...rows.map(({ detail }) => detail));
  }
  return steps;
}

/** Only the table of models is read from one end to the other; an index that has all that is wanted may be, too. */
const wholeTables = (steps: readonly string[]) =>
  steps.filter((step) => /^SCAN (run|sample|prompt|event|artifact|category_result)\b(?!.* INDEX)/.test(step));

test.each(RUN_SORTS.flatMap((by) => [by, `-${by}` as const]))(
  'runs by %s are read along an index, from the first page on',
  async (sort) => {
    const steps = await planOf(async () => {
      const { nextCursor } = await runPageOf(db, runQuery.parse({ sort, limit: 1 }));
      await runPageOf(db, runQuery.parse({ sort, limit: 3, cursor: nextCursor! }));
    });
    expect(wholeTables(steps)).toEqual([]);
    expect(steps.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
  },
);

test.each<[string, () => Promise<unknown>]>([
  ['a run', () => runDetailOf(db, 'dev-0')],
  ['events', () => runEventPageOf(db, 'dev-0', { limit: 50 })],
  ['samples', () => samplePageOf(db, 'dev-0', sampleQuery.parse({ outcome: 'wrong' }))],
  ['words', () => samplePageOf(db, 'dev-0', sampleQuery.parse({ q: 'clerk' }))],
  [
    'a comparison',
    async () => compareRuns(db, await summariesOf(db, ['dev-0', 'dev-1']), { intersect: false }),
  ],
  ['a trend', () => trendOf(db, { model: 'm', spec: '1.0', limit: 30 })],
  ['the leaderboard', () => leaderboard(db)],
  ['the overview', () => overviewOf(db)],
  ['what has changed', () => runsChangedSince(db, minute(1))],
  ['runs of a state', () => runPageOf(db, runQuery.parse({ state: 'RUNNING' }))],
  ['runs of a model', () => runPageOf(db, runQuery.parse({ model: 'm' }))],
])('%s reads no table whole', async (_, work) => {
  expect(wholeTables(await planOf(work))).toEqual([]);
});

test('a table that is read whole is seen', async () => {
  expect(wholeTables(await planOf(() => db.selectFrom('run').select('gpu').execute()))).toEqual(['SCAN run']);
});
