/**
 * What a run was asked and how it did, scenario by scenario: all that a comparison needs. The samples of a run never
 * change once they are kept, so the sheets of the runs that were asked for last stay in memory.
 */
import type { Outcomes } from '@he300/benchmark/compare';
import type { Outcome } from '@he300/benchmark/contract';
import { hash } from 'node:crypto';
import type { Db } from './database';
import type { SampleTable } from './tables';

export interface Question {
  readonly scenarioId: string;
  readonly category: SampleTable['category'];
  readonly expected: 0 | 1;
  readonly promptSha256: string;
}

export interface Sheet {
  readonly runId: string;
  /** The same list for all runs that were asked the same. */
  readonly questions: readonly Question[];
  readonly outcomes: readonly Outcome[];
}

interface SheetOf {
  readonly runId: string;
  /** Tells apart what two runs under one id brought, should the first have been deleted. */
  readonly startedAt: string | null;
}

const MOST_KEPT = 2_000;
const kept = new WeakMap<Db, Map<string, Sheet>>();

/** Without questions when the samples of the run are not here. */
export async function sheetOf(db: Db, { runId, startedAt }: SheetOf): Promise<Sheet> {
  const sheets = kept.get(db) ?? new Map<string, Sheet>();
  kept.set(db, sheets);
  const key = `${runId} ${startedAt}`;
  const sheet = sheets.get(key) ?? (await read(db, runId));
  // A Map keeps the order of insertion: the first is the one that nobody has asked for the longest.
  sheets.delete(key);
  if (sheet.questions.length > 0) sheets.set(key, sheet);
  if (sheets.size > MOST_KEPT) sheets.delete(sheets.keys().next().value!);
  return sheet;
}

/** As `compare` wants them. */
export const outcomesOf = ({ questions, outcomes }: Sheet): Outcomes =>
  new Map(
    questions.map(({ scenarioId, category, expected }, i) => [
      scenarioId,
      { category, expected, judgement: { outcome: outcomes[i]!, predicted: null, rule: null } },
    ]),
  );

async function read(db: Db, runId: string): Promise<Sheet> {
  const rows = await db
    .selectFrom('sample')
    .select(['scenario_id', 'category', 'expected', 'outcome', 'prompt_sha256'])
    .where('run_id', '=', runId)
    .where('pass', '=', 'scored')
    .orderBy('position')
    .execute();
  const questions = rows.map((row) => ({
    scenarioId: row.scenario_id,
    category: row.category,
    expected: row.expected as 0 | 1,
    promptSha256: row.prompt_sha256,
  }));
  return { runId, questions: shared(questions), outcomes: rows.map(({ outcome }) => outcome) };
}

/** Goes with the last sheet that it belongs to. */
const lists = new Map<string, WeakRef<readonly Question[]>>();

function shared(questions: readonly Question[]): readonly Question[] {
  const digest = hash('sha256', JSON.stringify(questions));
  const known = lists.get(digest)?.deref();
  if (!known) lists.set(digest, new WeakRef(questions));
  return known ?? questions;
}
