/** Everything about one run but its samples and its telemetry. */
import type { Results, RunEvent } from '@he300/benchmark/contract';
import type { Selectable } from 'kysely';
import type { RunDetail } from '../../api/run';
import type { Db } from './database';
import { SUMMARY_COLUMNS, summaryOf } from './run-summary';
import type { CategoryResultTable, RunTable } from './tables';

const DETAIL_COLUMNS = [
  ...SUMMARY_COLUMNS,
  'public_key',
  'started',
  'phases',
  'ended',
  'signature_problem',
  'results',
] as const satisfies readonly (keyof RunTable)[];

type DetailRow = Pick<Selectable<RunTable>, (typeof DETAIL_COLUMNS)[number]>;
type Started = Extract<RunEvent, { type: 'run.started' }>;
type Ended = Extract<RunEvent, { type: 'run.completed' | 'run.failed' | 'run.cancelled' }>;

/** @returns undefined when there is no such run */
export async function runDetailOf(db: Db, runId: string): Promise<RunDetail | undefined> {
  const [row, categories, artifacts, samples] = await Promise.all([
    db.selectFrom('run').select(DETAIL_COLUMNS).where('id', '=', runId).executeTakeFirst(),
    db.selectFrom('category_result').selectAll().where('run_id', '=', runId).orderBy('category').execute(),
    db.selectFrom('artifact').selectAll().where('run_id', '=', runId).orderBy('name').execute(),
    db
      .selectFrom('sample')
      .select((e) => e.fn.countAll().as('count'))
      .where('run_id', '=', runId)
      .where('pass', '=', 'scored')
      .executeTakeFirstOrThrow(),
  ]);
  if (!row) return undefined;
  return {
    ...summaryOf(row),
    ...fromStart(read<Started>(row.started)),
    ...fromEnd(read<Ended>(row.ended)),
    publicKey: row.public_key,
    categories: categories.map(categoryScoreOf),
    signatureProblem: row.signature_problem,
    results: read<Results>(row.results),
    artifacts: artifacts.map((each) => ({
      kind: each.kind as RunDetail['artifacts'][number]['kind'],
      name: each.name,
      bytes: each.bytes,
      sha256: each.sha256,
      contentType: each.content_type as RunDetail['artifacts'][number]['contentType'],
      storedAt: each.stored_at,
    })),
    phases: phasesOf(row),
    sampleCount: Number(samples.count),
  };
}

/** Documents were checked before they were kept. */
const read = <T>(document: string | null): T | null =>
  document === null ? null : (JSON.parse(document) as T);

function fromStart(started: Started | null) {
  return {
    trigger: started?.trigger ?? null,
    suite: started?.suite ?? null,
    prompts: started?.prompts ?? null,
    modelFacts: started?.model ?? null,
    engineFacts: started?.engine ?? null,
    host: started?.host ?? null,
    runner: started?.runner ?? null,
    price: started?.price ?? null,
  };
}

function fromEnd(ended: Ended | null): Pick<RunDetail, 'bootstrap95' | 'failure' | 'cancellation'> {
  const nothing = { bootstrap95: null, failure: null, cancellation: null };
  switch (ended?.type) {
    case 'run.completed':
      return { ...nothing, bootstrap95: ended.overall.bootstrap95 };
    case 'run.failed': {
      const { phase, cause, logTail, interrupted, scored } = ended;
      return { ...nothing, failure: { phase, cause, logTail, interrupted, scored } };
    }
    case 'run.cancelled':
      return { ...nothing, cancellation: { by: ended.by, reason: ended.reason } };
    default:
      return nothing;
  }
}

/** A phase lasts until the next begins, and the last one until the run ends. */
function phasesOf({ phases, ended_at }: DetailRow): RunDetail['phases'] {
  const begun = JSON.parse(phases) as Pick<RunDetail['phases'][number], 'phase' | 'from'>[];
  return begun.map(({ phase, from }, i) => ({ phase, from, to: begun[i + 1]?.from ?? ended_at }));
}

export function categoryScoreOf(row: Selectable<CategoryResultTable>): RunDetail['categories'][number] {
  const { category, scenarios, correct, unknown, errors, accuracy } = row;
  return {
    category,
    scenarios,
    correct,
    unknown,
    errors,
    accuracy,
    wilson95: { low: row.low95, high: row.high95 },
    majorityBaseline: row.majority_baseline,
    groups: read(row.groups),
  };
}
